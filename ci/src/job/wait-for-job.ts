import type { Clock } from '../clock.ts';
import { patiently } from '../patiently.ts';
import type { Target } from '../target/target.ts';
import { type JobState, readJob } from './job-state.ts';

export interface JobWait {
  readonly target: Target;
  readonly clock: Clock;
  readonly name: string;
  readonly timeoutSeconds: number;
  /** Looks at each state but the last; throws to give up. */
  readonly look?: (state: JobState, seconds: number) => void;
}

const firstPauseMs = 300;
const longestPauseMs = 2_000;

/** Waits until a Job has ended; gives back its last state, which has no end if the time is up. */
export async function waitForJob(wait: JobWait): Promise<JobState> {
  const { target, clock, name, timeoutSeconds, look } = wait;
  const started = clock.monotonic();
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    const state = await patiently(clock, () => readJob(target, name));
    const seconds = (clock.monotonic() - started) / 1_000;
    if (state.ended || seconds >= timeoutSeconds) return state;
    look?.(state, seconds);
    await clock.sleep(pause);
  }
}
