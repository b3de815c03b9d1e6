import type { Target } from '../../ci/src/target/target.ts';

export interface Recording {
  readonly target: Target;
  /** All that was answered so far. */
  readonly said: () => string;
}

/** The same target, whose answers are kept. */
export function recording(target: Target): Recording {
  const answers: string[] = [];
  const kept = async <T>(answer: Promise<T>): Promise<T> => {
    const said = await answer;
    answers.push(...textsIn(said));
    return said;
  };
  return {
    target: {
      description: target.description,
      namespace: target.namespace,
      kubectl: (calls) => kept(target.kubectl(calls)),
      probe: (probes) => kept(target.probe(probes)),
      guarded: (calls) => kept(target.guarded(calls)),
    },
    said: () => answers.join('\n'),
  };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
