import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { manifestFolder, rendered } from './rendered.ts';

const names = readdirSync(join(manifestFolder, 'overlays'));

/** Every overlay that there is, rendered. */
export const overlays = new Map<string, readonly KubernetesObject[]>(
  await Promise.all(names.map(async (name) => [name, await rendered(name)] as const)),
);

/** The objects of one overlay. */
export function overlay(name: string): readonly KubernetesObject[] {
  const objects = overlays.get(name);
  if (!objects) throw new Error(`no overlay ${name}`);
  return objects;
}
