import type { EnsuredImage } from '../images/ensure-images.ts';
import { textTable } from './text-table.ts';

/** The images of a push as a person reads them: a line each, with the digest to deploy. */
export function imagesText(images: readonly EnsuredImage[]): string {
  const rows = images.map((image) => [
    image.service,
    image.built ? `built in ${image.seconds.toFixed(1)} s` : 'kept',
    `${image.repository}:${image.tag}@${image.digest}`,
  ]);
  return textTable([['SERVICE', 'IMAGE', 'REFERENCE'], ...rows]);
}
