import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trustRegistry } from './kubernetes/containerd.ts';
import { neededPackages } from './needs.ts';
import { installPackages } from './packages.ts';
import { logFile, runningServer, startServer, stopServer } from './processes.ts';
import type { Instance } from './state.ts';
import { tryListen } from './try-listen.ts';

export interface Registry {
  /** `host:port`, the first part of an image's name. */
  readonly address: string;
}

/** The registry ended, or did not answer in time. */
export class RegistryNotStarted extends Error {
  override readonly name = 'RegistryNotStarted';
  readonly code = 'REGISTRY_NOT_STARTED';
}

const NAME = 'registry';
const PROGRAM = '/usr/bin/docker-registry';
const START_LIMIT_MS = 15_000;
const USUAL_PORT = 5_000;

/**
 * Starts the instance's own image registry, or finds it running. Its images lie in the state folder:
 * what a build makes anew from its cache in a second is not worth keeping twice.
 */
export async function startRegistry(
  instance: Instance,
  options: { address: string; say?: (text: string) => void },
): Promise<Registry> {
  await installPackages(neededPackages, options.say ?? (() => {}));
  const folder = join(instance.stateFolder, NAME);
  const addressFile = join(folder, 'address');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const last = await readFile(addressFile, 'utf8').catch(() => '');
  if (last.startsWith(`${options.address}:`) && (await runningServer(instance, NAME))) {
    // The node may be a new one, which was told of no registry yet.
    await trustRegistry(instance, last);
    return ready(instance, last);
  }

  await stopServer(instance, NAME);
  const address = `${options.address}:${await freePort(options.address, last)}`;
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(registryConfig(folder, address)), { mode: 0o600 });
  await trustRegistry(instance, address);
  await startServer(instance, {
    name: NAME,
    command: PROGRAM,
    args: ['serve', configFile],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', OTEL_TRACES_EXPORTER: 'none' },
  });
  await writeFile(addressFile, address);
  return ready(instance, address);
}

/** Stops the instance's registry and removes its images. */
export async function stopRegistry(instance: Instance): Promise<void> {
  await stopServer(instance, NAME);
  await rm(join(instance.stateFolder, NAME), { recursive: true, force: true });
}

/** After https://distribution.github.io/distribution/about/configuration/ (JSON is YAML). */
function registryConfig(folder: string, address: string) {
  return {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(folder, 'images') },
      cache: { blobdescriptor: 'inmemory' },
      delete: { enabled: true },
    },
    http: { addr: address, relativeurls: true },
  };
}

async function ready(instance: Instance, address: string): Promise<Registry> {
  const deadline = Date.now() + START_LIMIT_MS;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return { address };
    } catch (error) {
      cause = error;
    }
    if (!(await runningServer(instance, NAME))) break;
    await sleep(25);
  }
  const log = logFile(instance, NAME);
  throw new RegistryNotStarted(`the registry does not answer on ${address}; see ${log}`, { cause });
}

async function freePort(host: string, last: string): Promise<number> {
  for (const port of [Number(last.split(':')[1] ?? USUAL_PORT), USUAL_PORT, 0]) {
    const free = await tryListen(host, port);
    if (free) return free;
  }
  throw new RegistryNotStarted(`no free port on ${host}: is it an address of this machine?`);
}
