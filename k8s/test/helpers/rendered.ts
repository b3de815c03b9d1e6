import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { renderManifests } from '../../../ci/src/manifests/render.ts';
import { imageNames } from '../../../ci/src/services.ts';
import { findKubectl } from '../../../test/helpers/kubectl.ts';

export const manifestFolder = join(import.meta.dirname, '..', '..');

/** An image for each service, as a registry would name it. */
const pinnedImages: Readonly<Record<string, string>> = Object.fromEntries(
  imageNames.map((name) => [
    name,
    `registry.example:5000/whatsthecraic/${name}@sha256:${createHash('sha256').update(name).digest('hex')}`,
  ]),
);

/** Renders an overlay with the pipeline's own code and a real kubectl. */
export const rendered = (
  overlay: string,
  folder = manifestFolder,
): Promise<readonly KubernetesObject[]> =>
  renderManifests({ folder, overlay, images: pinnedImages, kubectl: findKubectl() });
