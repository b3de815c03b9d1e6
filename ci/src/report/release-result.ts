import type { Format } from '../arguments.ts';
import type { Release } from './release.ts';
import { releaseText } from './release-text.ts';

/** A release that is not fully proven; its text is the whole report. */
export class ReleaseNotProven extends Error {
  override readonly name = 'ReleaseNotProven';
  readonly code: 'RELEASE_FAILED' | 'RELEASE_DEGRADED';
  readonly release: Release;

  constructor(release: Release, report: string) {
    const code = release.state === 'degraded' ? 'RELEASE_DEGRADED' : 'RELEASE_FAILED';
    super(`${report}\ncode: ${code}`);
    this.code = code;
    this.release = release;
  }
}

/** Gives the release back as the caller wants it; throws the report unless all is proven. */
export function releaseResult(release: Release, format: Format): string {
  const report = format === 'json' ? JSON.stringify(release, undefined, 2) : releaseText(release);
  if (release.state === 'verified') return report;
  throw new ReleaseNotProven(release, report);
}
