import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HttpError } from './errors.ts';

/** The resource is not any more what the caller has seen of it. */
export class VersionConflict extends HttpError {
  override readonly name = 'VersionConflict';

  constructor() {
    super(412, 'version_conflict', 'Changed meanwhile', {
      detail: 'read it again, and send the ETag of that answer as If-Match',
    });
  }
}

/** A change came without a word on what it is a change of (RFC 6585 §3). */
export class VersionRequired extends HttpError {
  override readonly name = 'VersionRequired';

  constructor() {
    super(428, 'version_required', 'Say what you have read', {
      detail: 'send the ETag of your last read of it as If-Match: nobody’s change gets lost so',
    });
  }
}

/** For the `headers` of a route that changes what somebody else may change too. */
export const ifMatchHeader = {
  'if-match': z
    .string()
    .max(200)
    .optional()
    .describe('The ETag of your last read of it; * for whatever is there'),
};

/**
 * The version that a caller has seen, `undefined` for any. A gateway that compresses marks a tag as
 * weak; the version in it says as much as before.
 */
export function versionSeen(header: string | undefined): number | undefined {
  if (header === undefined) throw new VersionRequired();
  if (header.trim() === '*') return undefined;
  const [, version] = /^\s*(?:W\/)?"(\d{1,10})\.[\w-]*"\s*$/.exec(header) ?? [];
  if (version === undefined) throw new VersionConflict();
  return Number(version);
}

/** A strong tag: of the bytes, and of the version where there is one. */
export function entityTag(text: string, version?: number): string {
  const hash = createHash('sha1').update(text).digest('base64url').slice(0, 16);
  return version === undefined ? `"${hash}"` : `"${version}.${hash}"`;
}

/** RFC 9110 §13.1.2: compared weakly. */
export function isUnchanged(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const seen = ifNoneMatch.split(',').map((it) => it.trim().replace(/^W\//, ''));
  return seen.includes('*') || seen.includes(tag);
}
