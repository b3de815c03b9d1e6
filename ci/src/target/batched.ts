import type { KubectlCall, KubectlOutput, Target } from './target.ts';

/**
 * The same target, whose questions of one moment travel together: parts of a program that know
 * nothing of each other cost one round trip.
 */
export function batched(target: Target): Target {
  let waiting: KubectlCall[] = [];
  let answers: Promise<KubectlOutput[]> | undefined;
  return {
    description: target.description,
    namespace: target.namespace,
    probe: (probes) => target.probe(probes),
    guarded: (calls) => target.guarded(calls),
    async kubectl(calls) {
      const first = waiting.length;
      waiting.push(...calls);
      answers ??= Promise.resolve().then(() => {
        const all = waiting;
        waiting = [];
        answers = undefined;
        return target.kubectl(all);
      });
      return (await answers).slice(first, first + calls.length);
    },
  };
}
