import { createHash } from 'node:crypto';
import { PipelineError } from '../errors.ts';
import type { Plan } from './plan.ts';

/**
 * Names a plan by what a deploy would do. Whether images are built meanwhile changes nothing of it, nor
 * how much memory happens to be free.
 */
export function fingerprintOf(plan: Omit<Plan, 'fingerprint'>): string {
  const { overlay, target, commit, namespace, services, migrations, objects } = plan;
  const says = {
    ...{ overlay, target, commit, namespace },
    services: services.map(({ service, source, runs, rollout, reasons }) => [
      ...[service, source, runs, rollout],
      reasons,
    ]),
    migrations: [migrations.database, migrations.pending],
    objects: objects.map(({ object, what, changes }) => [
      ...[object, what],
      changes.filter(({ path }) => !path.endsWith('.image')),
    ]),
    handMade: plan.handMade,
    removed: plan.removed,
    withheld: plan.withheld,
    leftOver: plan.leftOver,
    obstacles: plan.obstacles.map(({ code }) => code),
  };
  return createHash('sha256').update(JSON.stringify(says)).digest('hex').slice(0, 12);
}

/** Throws if a plan is not the one that somebody has agreed to. */
export function requirePlan(plan: Plan, expected: string): void {
  if (plan.fingerprint === expected) return;
  throw new PipelineError(
    'PLAN_CHANGED',
    `The plan is ${plan.fingerprint} now and not ${expected}: the commit, the cluster or the arguments have changed since. Nothing was touched.`,
    { cure: 'Read `plan` again, then deploy with the fingerprint that it ends with.' },
  );
}
