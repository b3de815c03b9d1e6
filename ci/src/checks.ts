import { PipelineError } from './errors.ts';
import { textTable } from './report/text-table.ts';

export interface Check {
  readonly name: string;
  /** Gives back what it found in a few words; throws what is wrong. */
  readonly run: () => Promise<string>;
}

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly found?: string;
  readonly reason?: unknown;
}

/**
 * Runs all checks at once, so that none hides another, and gives back a line for each. Fails with
 * everything that is wrong; what several checks fail of is told by the first.
 */
export async function runChecks(checks: readonly Check[]): Promise<string> {
  const outcomes = await Promise.all(checks.map(runCheck));
  const failed = outcomes.filter((it) => it.found === undefined);
  if (failed.length > 0) {
    const first = failed.filter(
      (it, index) => failed.findIndex(({ reason }) => reason === it.reason) === index,
    );
    const count = `${failed.length} of ${outcomes.length} checks failed`;
    const parts = first.map(({ name, reason }) => `${name}: ${textOf(reason)}`);
    throw new PipelineError('CHECK_FAILED', [count, ...parts].join('\n\n'));
  }
  const rows = outcomes.map((it) => [it.name, `${it.seconds.toFixed(1)} s`, it.found ?? '']);
  return textTable([['CHECK', 'TIME', 'FOUND'], ...rows]);
}

async function runCheck({ name, run }: Check): Promise<Outcome> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  try {
    return { name, found: await run(), seconds: seconds() };
  } catch (reason) {
    return { name, reason, seconds: seconds() };
  }
}

const textOf = (reason: unknown): string =>
  reason instanceof Error ? reason.message : String(reason);
