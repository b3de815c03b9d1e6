import { rm } from 'node:fs/promises';
import type { Release } from '../ci/src/report/release.ts';
import { createAdmin } from './admin.ts';
import { claimNamespace } from './namespace.ts';
import { recordedServers, stopServer } from './processes.ts';
import { release } from './release.ts';
import { applySecret } from './secret.ts';
import { type Servers, startServers, stopServers } from './servers.ts';
import { closeSite, openSite, requirePort } from './site.ts';
import { prepareDatabase } from './site-database.ts';
import type { Instance } from './state.ts';

export interface PlatformOptions {
  readonly instance: Instance;
  /** The repository's root. */
  readonly repository: string;
  /** Port of this machine's loopback at which the site stands afterwards. */
  readonly port: number;
  readonly soakSeconds: number;
  readonly say: (text: string) => void;
}

export interface Platform {
  readonly servers: Servers;
  readonly release: Release;
  readonly url: string;
}

/** Brings the whole platform up on this machine, by the same pipeline that serves production. */
export async function bringUp(options: PlatformOptions): Promise<Platform> {
  const { instance, repository, port, say } = options;
  await requirePort(instance, port);
  const servers = await startServers(instance, say);
  const admin = createAdmin(servers.cluster.kubectl, servers.cluster.kubeconfig);
  await claimNamespace(admin, servers.database.instanceId);
  const prepared = prepareDatabase(servers.database, repository, say).then((database) =>
    applySecret(admin, instance, database),
  );
  const released = await release({ ...options, servers, prepared });
  const url = await openSite(instance, admin, port);
  return { servers, release: released, url };
}

/** Removes everything that `bringUp` made but the caches. */
export async function takeDown(instance: Instance, say: (text: string) => void): Promise<void> {
  await closeSite(instance);
  await stopServers(instance, say);
  for (const name of await recordedServers(instance)) await stopServer(instance, name);
  await rm(instance.stateFolder, { recursive: true, force: true });
}
