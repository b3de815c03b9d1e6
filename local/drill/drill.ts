import type { ReleaseState } from '../../ci/src/report/release.ts';
import type { Stage } from './stage.ts';

/** How a drill ended: what was found, after how long, and in which state the platform was left. */
export interface End {
  /** The verdict's code, or that of the error. */
  readonly code: string;
  /** The release's state; `untouched` if nothing was applied. */
  readonly state: ReleaseState | 'untouched';
  /** From the apply, or from the call if there was none, to the verdict. */
  readonly seconds: number;
  /** What the line says besides, such as how many requests were lost. */
  readonly note?: string;
  /** What to read below the line if the drill fails. */
  readonly report?: string;
}

/** Something that goes wrong on purpose, on a platform that is whole before. */
export interface Drill {
  /** What is done, in one sentence. */
  readonly what: string;
  /** The seconds leave room for a machine that is busy with other work. */
  readonly expected: Pick<End, 'code' | 'state'> & { readonly withinSeconds: number };
  /** Does it, and throws if anything besides the end is not as it should be. */
  readonly run: (stage: Stage) => Promise<End>;
}
