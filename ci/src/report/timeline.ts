import type { Clock } from '../clock.ts';

/** The steps of a release, in the order in which they are taken. */
export type PhaseName =
  | 'images'
  | 'pull'
  | 'migrate'
  | 'apply'
  | 'rollout'
  | 'verify'
  | 'soak'
  | 'back';

/** A step of a release, in seconds since it began. */
export interface Phase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

/** What happens to a service in a release, in its order; each is when it was first seen. */
export const momentNames = ['image', 'created', 'pulled', 'started', 'ready', 'oldGone'] as const;

export type MomentName = (typeof momentNames)[number];

/** Seconds since the release began; what was not seen is absent. */
export type Moments = Partial<Readonly<Record<MomentName, number>>>;

/** When what happened in a release. */
export interface ReleaseTimeline {
  readonly phases: readonly Phase[];
  /** By service; one whose pods were kept is absent. */
  readonly services: Readonly<Record<string, Moments>>;
}

/** Writes down when what happens, while it does. */
export interface Timeline {
  /** Begins a step; call what it gives back at its end. */
  phase(name: PhaseName): () => void;
  /** Notes a moment of a service, the first time that it is seen. */
  mark(service: string, moment: MomentName): void;
  /** All so far; a step that goes on ends now. */
  read(): ReleaseTimeline;
}

export function createTimeline(clock: Pick<Clock, 'monotonic'>): Timeline {
  const began = clock.monotonic();
  const now = (): number => Math.round((clock.monotonic() - began) / 100) / 10;
  const phases: { name: PhaseName; from: number; to?: number }[] = [];
  const services = new Map<string, Partial<Record<MomentName, number>>>();
  return {
    phase(name) {
      const phase: (typeof phases)[number] = { name, from: now() };
      phases.push(phase);
      return () => {
        phase.to ??= now();
      };
    },
    mark(service, moment) {
      const moments = services.get(service) ?? {};
      services.set(service, { [moment]: now(), ...moments });
    },
    read: () => ({
      phases: phases.map((it) => ({ ...it, to: it.to ?? now() })),
      services: Object.fromEntries(services),
    }),
  };
}
