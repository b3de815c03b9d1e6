import type { Format } from '../arguments.ts';
import { nextCommand } from './next-command.ts';
import type { Release, ReleaseState } from './release.ts';
import { releaseText } from './release-text.ts';

type NotProvenCode = 'RELEASE_FAILED' | 'RELEASE_DEGRADED' | 'RELEASE_ROLLED_BACK';

const codes: Partial<Record<ReleaseState, NotProvenCode>> = {
  degraded: 'RELEASE_DEGRADED',
  failed: 'RELEASE_FAILED',
  'rolled-back': 'RELEASE_ROLLED_BACK',
};

/** The code of a release's end; undefined if it was proven, or has not ended. */
export const codeOfState = (state: ReleaseState): NotProvenCode | undefined => codes[state];

/** A release that is not fully proven; its text is the whole report. */
export class ReleaseNotProven extends Error {
  override readonly name = 'ReleaseNotProven';
  readonly code: NotProvenCode;
  readonly release: Release;

  constructor(release: Release, report: string) {
    const code = codeOfState(release.state) ?? 'RELEASE_FAILED';
    super(`${report}\ncode: ${code}`);
    this.code = code;
    this.release = release;
  }
}

/** Gives the release back as the caller wants it; throws the report unless all is proven. */
export function releaseResult(release: Release, format: Format): string {
  const report =
    format === 'json'
      ? JSON.stringify(release, undefined, 2)
      : `${releaseText(release)}\nNext: ${nextCommand(release)}`;
  if (release.state === 'verified') return report;
  throw new ReleaseNotProven(release, report);
}
