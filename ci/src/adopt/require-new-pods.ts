import { PipelineError } from '../errors.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { collectEvidence } from '../rollout/evidence.ts';
import { watchRollouts } from '../rollout/watch.ts';

/** Waits for the new pods of services. Throws, with the ends of their logs, if some do not come. */
export async function requireNewPods(
  services: readonly string[],
  options: Pick<RollOutOptions, 'target' | 'clock' | 'say' | 'timeoutSeconds' | 'timeline'>,
): Promise<void> {
  const watched = await watchRollouts({ ...options, services });
  const failed = watched.verdicts.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return;
  const evidence = await collectEvidence(options.target, failed, watched.snapshot).catch(() => []);
  const lines = failed.flatMap(({ service, code, message }) => {
    const log = evidence.find((it) => it.service === service)?.log ?? [];
    return [`${service}: ${code}: ${message}`, ...log.map((line) => `  ${line}`)];
  });
  throw new PipelineError(
    'ADOPTION_FAILED',
    `The new pods do not run beside the old ones:\n${lines.join('\n')}`,
    { cure: 'Mend the cause and deploy again with --adopt.' },
  );
}
