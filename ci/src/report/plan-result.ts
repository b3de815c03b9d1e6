import type { Format } from '../arguments.ts';
import { PipelineError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { planText } from './plan-text.ts';

/** Gives the plan back as the caller wants it; throws it if a deploy could not work. */
export function planResult(plan: Plan, format: Format): string {
  const report = format === 'json' ? JSON.stringify(plan, undefined, 2) : planText(plan);
  if (plan.outcome === 'blocked') throw new PipelineError('PLAN_BLOCKED', report);
  return report;
}
