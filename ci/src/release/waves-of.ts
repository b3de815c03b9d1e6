import type { KubernetesObject } from '../manifests/objects.ts';
import { services } from '../services.ts';

export interface Wave {
  readonly services: readonly string[];
  /** What is applied for it: with the first one all but the Deployments of later ones. */
  readonly objects: readonly KubernetesObject[];
}

/** What rolls in no wave of its own is applied and looked at with the first. */
export function wavesOf(
  objects: readonly KubernetesObject[],
  waves: readonly (readonly string[])[],
): readonly Wave[] {
  const names = services.map(({ name }) => name);
  const later = new Set(waves.slice(1).flat());
  const isOf = (wave: readonly string[], { kind, metadata }: KubernetesObject): boolean =>
    kind === 'Deployment' && wave.includes(metadata.name);
  return [
    {
      services: names.filter((name) => !later.has(name)),
      objects: objects.filter((it) => !isOf([...later], it)),
    },
    ...waves.slice(1).map((wave) => ({
      services: wave,
      objects: objects.filter((it) => isOf(wave, it)),
    })),
  ];
}
