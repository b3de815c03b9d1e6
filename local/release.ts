import { join } from 'node:path';
import { deploy } from '../ci/src/deploy.ts';
import { ensureImages } from '../ci/src/images/ensure-images.ts';
import type { ImagePlatform } from '../ci/src/images/platforms.ts';
import { renderManifests } from '../ci/src/manifests/render.ts';
import { openRegistry } from '../ci/src/registry/open-registry.ts';
import type { Release } from '../ci/src/report/release.ts';
import { services } from '../ci/src/services.ts';
import { branchOf, type Revision, readGitState, revisionOf } from '../ci/src/source/git.ts';
import { readSourceTree } from '../ci/src/source/source-tree.ts';
import { ensureBaseImages } from './images/base-images.ts';
import { openBuildah } from './images/buildah.ts';
import { createBuildahBuilder } from './images/buildah-builder.ts';
import type { Place } from './place.ts';
import type { Instance } from './state.ts';

export interface ReleaseOptions {
  readonly instance: Instance;
  readonly place: Place;
  /** The repository's root. */
  readonly repository: string;
  readonly platforms: readonly ImagePlatform[];
  readonly soakSeconds: number;
  /** Ends when the pods will find their database and their Secret; images are built meanwhile. */
  readonly prepared: Promise<void>;
  readonly say: (text: string) => void;
}

/** Runs the pipeline as it runs for production, with buildah in place of Dagger's engine. */
export async function release(options: ReleaseOptions): Promise<Release> {
  options.prepared.catch(() => undefined); // Its failure is told where it is waited for.
  const { instance, place, repository, platforms, say } = options;
  const { registry, client } = await openRegistry({ registry: place.registry });
  const buildah = await openBuildah(join(instance.cacheFolder, 'images'));
  const bases = await ensureBaseImages(buildah, platforms, say);
  const revision = await localRevision(repository);
  return deploy({
    overlay: 'local',
    revision,
    target: await place.openTarget(),
    soakSeconds: options.soakSeconds,
    say,
    ensureImages: async (signal) =>
      ensureImages({
        services: services.map((service) => service.name),
        registry,
        client,
        builder: createBuildahBuilder(buildah, {
          bases,
          logFile: join(instance.stateFolder, 'log', 'images.log'),
        }),
        source: await readSourceTree(repository),
        revision,
        platforms,
        baseImages: bases.names,
        signal,
        say,
      }),
    render: async (images) => {
      await options.prepared;
      return renderManifests({
        folder: join(repository, 'k8s'),
        overlay: 'local',
        images,
        kubectl: place.kubectl,
      });
    },
  });
}

/** On one's own machine a checkout may be detached, or be no checkout at all. */
async function localRevision(repository: string): Promise<Revision> {
  const state = await readGitState(repository);
  return revisionOf(state, {
    commit: state?.sha ?? '0'.repeat(40),
    branch: branchOf(state?.ref) ?? 'detached',
  });
}
