import { judgeContainer } from '../rollout/judge-container.ts';
import { judgeRefusal } from '../rollout/judge-refusal.ts';
import { judgeSchedule } from '../rollout/judge-schedule.ts';
import { judgeStart } from '../rollout/judge-start.ts';
import { type Suspicion, settle } from '../rollout/settle.ts';
import type { Verdict } from '../rollout/verdict.ts';
import type { JobState } from './job-state.ts';

/** Stands for the pod as a whole where a verdict is about no container. */
export const wholePod = '';

const part = { runs: false, probeFailed: false } as const;

/** What keeps a Job's pod from its work, by the rules of the rollouts; `service` is the container's name. */
function judgeJob({ pods, refusal }: JobState): readonly Verdict[] {
  if (pods.length === 0 && refusal !== undefined) {
    return [{ service: wholePod, message: refusal, ...judgeRefusal(refusal) }];
  }
  return pods.flatMap(({ name: pod, status }): readonly Verdict[] => {
    const placed = status.conditions?.find(({ type }) => type === 'PodScheduled');
    if (placed?.status === 'False') {
      const { message = 'no node takes the pod' } = placed;
      return [{ service: wholePod, pod, message, ...judgeSchedule(message) }];
    }
    return (status.containerStatuses ?? []).flatMap((it): Verdict | readonly Verdict[] => {
      const place = { service: it.name, pod, container: it.name };
      const exit = it.state?.terminated;
      // It runs once.
      if (exit && exit.exitCode !== 0) {
        const words = exit.message ?? exit.reason ?? `exit code ${exit.exitCode}`;
        return { ...place, ...judgeStart(words), state: 'failed' };
      }
      return judgeContainer(place, it, part) ?? [];
    });
  });
}

/** Remembers from look to look what was suspected of each container, and since when. */
export class JobWatch {
  readonly #suspicions = new Map<string, Suspicion>();
  #last: readonly Verdict[] = [];

  /** The first verdict that no waiting will change. */
  look(state: JobState, nowMs: number): Verdict | undefined {
    this.#last = judgeJob(state).map((verdict) => {
      const { service } = verdict;
      const settled = settle(verdict, this.#suspicions.get(service), nowMs);
      if (settled.suspicion) this.#suspicions.set(service, settled.suspicion);
      else this.#suspicions.delete(service);
      return settled.verdict;
    });
    return this.#last.find((verdict) => verdict.state === 'failed');
  }

  /** What the last look saw that was not well. */
  get worst(): Verdict | undefined {
    return this.#last[0];
  }
}
