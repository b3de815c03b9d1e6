import { rm } from 'node:fs/promises';
import type { ImagePlatform } from '../ci/src/images/platforms.ts';
import type { Release } from '../ci/src/report/release.ts';
import { createAdmin } from './admin.ts';
import { ownPlatform } from './images/own-platform.ts';
import { ingestAtOnce } from './ingest-at-once.ts';
import { type Named, namedPlace, requireUnnamed } from './named-place.ts';
import { claimNamespace, dropNamespace } from './namespace.ts';
import { ownPlace } from './own-place.ts';
import type { Place } from './place.ts';
import { killAllServers, recordedServers, stopServer } from './processes.ts';
import { release } from './release.ts';
import { applySecret } from './secret.ts';
import { stopServers } from './servers.ts';
import { closeSite, openSite } from './site.ts';
import type { Instance } from './state.ts';

export interface PlatformOptions {
  readonly instance: Instance;
  /** The repository's root. */
  readonly repository: string;
  /** Port of this machine's loopback at which the site stands afterwards. */
  readonly port: number;
  readonly soakSeconds: number;
  /** What the images are built for; the machine's own platform unless told. */
  readonly platforms?: readonly ImagePlatform[];
  /** A cluster and a database in place of this machine's own. */
  readonly named?: Named | undefined;
  readonly say: (text: string) => void;
}

export interface Platform {
  readonly release: Release;
  readonly place: Place;
  readonly url: string;
}

/** Brings the whole platform up by the same pipeline that serves production. */
export async function bringUp(options: PlatformOptions): Promise<Platform> {
  const { instance, port, platforms = [ownPlatform()], named, say } = options;
  const place = await (named ? namedPlace(instance, named, say) : ownPlace(instance, say));
  const admin = createAdmin(place.kubectl, place.kubeconfig);
  await claimNamespace(admin, place.instanceId);
  const prepared = place.prepareDatabase().then(async (databases) => {
    await applySecret(admin, instance, databases, place.sourcesUrl);
    return databases.migrate;
  });
  const released = await release({ ...options, platforms, place, prepared });
  if (place.sourcesUrl && released.state === 'verified') await ingestAtOnce(admin);
  const url = await openSite(instance, place, port);
  return { place, release: released, url };
}

export interface DownOptions {
  readonly instance: Instance;
  readonly named?: Named | undefined;
  readonly say: (text: string) => void;
}

/** Removes everything that `bringUp` made but the caches. */
export async function takeDown({ instance, named, say }: DownOptions): Promise<void> {
  await closeSite(instance);
  if (named) {
    const place = await namedPlace(instance, named, say);
    await dropNamespace(createAdmin(place.kubectl, place.kubeconfig), place.instanceId);
    await place.dropDatabase();
  } else {
    await requireUnnamed(instance);
  }
  await stopServers(instance, say);
  for (const name of await recordedServers(instance)) await stopServer(instance, name);
  await killAllServers(instance);
  await rm(instance.stateFolder, { recursive: true, force: true });
}
