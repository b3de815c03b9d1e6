import { PipelineError } from '../errors.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { saidBy } from '../target/printed.ts';
import type { KubectlCall } from '../target/target.ts';

/** Changes the cluster, one call after the other; throws ADOPTION_FAILED at the first that fails. */
export async function change(
  { held, target }: Pick<RollOutOptions, 'held' | 'target'>,
  step: string,
  calls: readonly KubectlCall[],
): Promise<void> {
  if (calls.length === 0) return;
  const { outputs } = await held.mutate(step, calls);
  const failed = outputs.findIndex((it) => it.exitCode !== 0);
  if (failed < 0) return;
  const what = (calls[failed]?.args ?? []).slice(0, 3).join(' ');
  throw new PipelineError(
    'ADOPTION_FAILED',
    `kubectl ${what} was refused by ${target.description}: ${saidBy(outputs[failed])}`,
    { cure: 'Deploy again with --adopt: it goes on from here.' },
  );
}
