import type { ServiceResult } from './release.ts';

type Images = Pick<ServiceResult, 'before' | 'image' | 'newPods'>;

/** The image of a service as people compare them: the old digest and the new one. */
export function imageChange({ before, image, newPods }: Images): string {
  const now = shortDigest(image);
  const old = shortDigest(before ?? '');
  if (old === '') return newPods > 0 ? `${now} new` : now;
  return old === now ? now : `${old} → ${now}`;
}

/** The first eight digits of `repository@sha256:…`; empty if there is no digest. */
export const shortDigest = (image: string): string =>
  /@sha256:([0-9a-f]{8})/.exec(image)?.[1] ?? '';
