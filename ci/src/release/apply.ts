import { PipelineError } from '../errors.ts';
import { readSeen, type Seen, seenCalls } from '../health/look-around.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { patiently } from '../patiently.ts';
import { saidBy } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput } from '../target/target.ts';
import type { RollOutOptions } from './roll-out.ts';

/**
 * Applies objects at once, and looks at the platform in the same round trip; nothing if that look was
 * lost. Throws APPLY_FAILED if the server refused one of them.
 */
export async function applyObjects(
  objects: readonly KubernetesObject[],
  options: RollOutOptions,
): Promise<Seen | undefined> {
  const seen = await sendApply(applyCall(objects), options, seenCalls);
  const isLost = seen.length < seenCalls.length || seen.some(({ exitCode }) => exitCode !== 0);
  return isLost ? undefined : readSeen(options.target, seen);
}

/**
 * Sends an apply as often as the server goes away, and gives back what is read behind it. Throws
 * APPLY_FAILED if it was refused.
 */
export async function sendApply(
  call: KubectlCall,
  { held, target, clock }: RollOutOptions,
  behind: readonly KubectlCall[] = [],
): Promise<readonly KubectlOutput[]> {
  // What was applied before the server went away is applied again, which changes nothing.
  const { output, reads } = await patiently(clock, async () => {
    const { outputs, reads } = await held.mutate('apply', [call], behind);
    const [applied] = outputs;
    if (isAway(applied)) {
      throw new PipelineError(
        'CLUSTER_UNREACHABLE',
        `The API server of ${target.description} went away while it applied: ${saidBy(applied)}`,
      );
    }
    return { output: applied, reads };
  });
  if (output?.exitCode === 0) return reads;
  throw new PipelineError(
    'APPLY_FAILED',
    `kubectl apply was refused by ${target.description}:\n${output?.stderr.trim() ?? ''}`,
    {
      cure: 'Objects before the refused one may be applied already; mend the cause and deploy again.',
    },
  );
}

/** Whether all that a failed call complains of is a server that does not answer. */
function isAway(output: KubectlOutput | undefined): boolean {
  if (!output || output.exitCode === 0) return false;
  const words =
    /connection refused|connection reset|was refused - did you specify|unexpected EOF|: EOF|i\/o timeout|TLS handshake timeout|net\/http: request canceled|context deadline exceeded|no route to host|etcdserver: |http2: client connection lost|\((?:ServiceUnavailable|Timeout|ServerTimeout|TooManyRequests)\)|currently unable to handle the request/;
  const lines = output.stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^Warning:/.test(line));
  return lines.length > 0 && lines.every((line) => words.test(line));
}
