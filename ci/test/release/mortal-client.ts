import type { Target } from '../../src/target/target.ts';

/** At which round trip a client dies, and whether what it sent still arrives. */
export interface Death {
  readonly at: number;
  readonly arrives: boolean;
}

export interface MortalClient {
  readonly target: Target;
  /** Round trips so far. */
  readonly trips: () => number;
  /** Ends when the client is dead; never if it lives. */
  readonly died: Promise<'died'>;
}

/** The same target as a client sees it who is killed at one of its round trips: nothing answers any more. */
export function mortalClient(target: Target, death?: Death): MortalClient {
  let trips = 0;
  let die: (value: 'died') => void = () => {};
  const died = new Promise<'died'>((resolve) => {
    die = resolve;
  });
  const trip = async <T>(send: () => Promise<T>): Promise<T> => {
    const index = trips;
    trips += 1;
    if (death && index > death.at) return new Promise<T>(() => {});
    if (death?.at !== index) return send();
    if (death.arrives) await send();
    die('died');
    return new Promise<T>(() => {});
  };
  return {
    target: {
      description: target.description,
      namespace: target.namespace,
      kubectl: (calls) => trip(() => target.kubectl(calls)),
      guarded: (calls) => trip(() => target.guarded(calls)),
      probe: (probes) => trip(() => target.probe(probes)),
    },
    trips: () => trips,
    died,
  };
}
