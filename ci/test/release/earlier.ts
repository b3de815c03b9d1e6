import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { withReleaseNotes } from '../../src/manifests/release-notes.ts';
import { recordObjects, type Standing } from '../../src/release/record.ts';
import type { Release, ReleaseState } from '../../src/report/release.ts';
import { services } from '../../src/services.ts';
import { earlierSource, names, render } from '../deploy-scenario.ts';

export const earlierImage = (name: string): string =>
  `registry.example.com/whatsthecraic/${name}@sha256:${'e'.repeat(64)}`;

export interface Earlier {
  readonly id?: string;
  readonly state?: ReleaseState;
  readonly overlay?: string;
  /** Services that were not proven then. */
  readonly unproven?: readonly string[];
}

/** What an earlier release recorded. */
export function earlierRelease({
  id = '20261122t090000z-fedcba9',
  state = 'verified',
  overlay = 'production',
  unproven = [],
}: Earlier = {}): { release: Release; standing: Record<string, Standing> } {
  const release: Release = {
    ...{ id, overlay, target: 'i-077f139e329506bf5 over SSM', state, branch: 'main' },
    commit: 'fedcba9876543210fedcba9876543210fedcba98',
    startedAt: '2026-11-22T09:00:00.000Z',
    seconds: { images: 20, apply: 1, serving: 12, verified: 60, total: 93 },
    services: services.map(({ name, critical }) => ({
      ...{ service: name, critical, proven: !unproven.includes(name), built: true, newPods: 1 },
      ...{ image: earlierImage(name), source: earlierSource(name) },
      ...{ code: 'HEALTHY' as const, message: '1 pod, Service', readySeconds: 5 },
    })),
  };
  const standing = release.services.map(({ service, image, source, built, proven }) => [
    service,
    { image, source, built, proven },
  ]);
  return { release, standing: Object.fromEntries(standing) };
}

/** Its record as it lies in the cluster. */
export async function earlierRecord(earlier: Earlier = {}): Promise<readonly KubernetesObject[]> {
  const record = earlierRelease(earlier);
  const rendered = await render(
    Object.fromEntries(names.map((name) => [name, earlierImage(name)])),
  );
  const sources = new Map(names.map((name) => [name, earlierSource(name)]));
  const { id, commit } = record.release;
  return recordObjects(record, withReleaseNotes(rendered, { release: id, commit, sources }));
}
