import { join } from 'node:path';
import { deploy } from '../ci/src/deploy.ts';
import type { ImagePlatform } from '../ci/src/images/platforms.ts';
import { renderManifests } from '../ci/src/manifests/render.ts';
import { migrationsIn } from '../ci/src/migrate/migrations.ts';
import type { Release } from '../ci/src/report/release.ts';
import { readSourceTree } from '../ci/src/source/source-tree.ts';
import { preparePlatformImages } from './images/platform-images.ts';
import type { Place } from './place.ts';
import { localRevision } from './revision.ts';
import type { SiteDatabase } from './secret.ts';
import { seedDatabase } from './site-database.ts';
import type { Instance } from './state.ts';
import { who } from './who.ts';

export interface ReleaseOptions {
  readonly instance: Instance;
  readonly place: Place;
  /** The repository's root. */
  readonly repository: string;
  readonly platforms: readonly ImagePlatform[];
  readonly soakSeconds: number;
  /** Ends when pods will find a database and their Secret; images are built meanwhile. */
  readonly prepared: Promise<SiteDatabase>;
  readonly say: (text: string) => void;
}

/** Runs the pipeline as it runs for production, with buildah in place of Dagger's engine. */
export async function release(options: ReleaseOptions): Promise<Release> {
  options.prepared.catch(() => undefined); // Its failure is told where it is waited for.
  const { instance, place, repository, say } = options;
  const { registry } = place;
  const revision = await localRevision(repository);
  const source = await readSourceTree(repository);
  let seeded: Promise<void> | undefined;
  const seed = async (): Promise<void> =>
    seedDatabase(await options.prepared, { instance, repository, say });
  const released = await deploy({
    overlay: 'local',
    revision,
    target: await place.openTarget(),
    soakSeconds: options.soakSeconds,
    by: who(),
    // One run at a time has an instance's own cluster: whoever held its Lease is dead.
    holderIsDead: place.isOwn,
    say,
    migrations: migrationsIn(source),
    // Beside the rollouts, which wait for the schema and not for gigs.
    onMigrated: () => {
      seeded = seed();
      seeded.catch(() => undefined); // Its failure is told where it is waited for.
    },
    ...(await preparePlatformImages({ ...options, registry, revision })),
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
  await seeded;
  return released;
}
