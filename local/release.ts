import { join } from 'node:path';
import { deploy } from '../ci/src/deploy.ts';
import type { ImagePlatform } from '../ci/src/images/platforms.ts';
import { renderManifests } from '../ci/src/manifests/render.ts';
import type { Release } from '../ci/src/report/release.ts';
import { preparePlatformImages } from './images/platform-images.ts';
import type { Place } from './place.ts';
import { localRevision } from './revision.ts';
import type { Instance } from './state.ts';
import { who } from './who.ts';

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
  const { place, repository, say } = options;
  const { registry } = place;
  const revision = await localRevision(repository);
  return deploy({
    overlay: 'local',
    revision,
    target: await place.openTarget(),
    soakSeconds: options.soakSeconds,
    by: who(),
    // One run at a time has an instance's own cluster: whoever held its Lease is dead.
    holderIsDead: place.isOwn,
    say,
    ensureImages: await preparePlatformImages({ ...options, registry, revision }),
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
