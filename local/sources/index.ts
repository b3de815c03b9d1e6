import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logFile, runningServer, startServer, stopServer } from '../processes.ts';
import type { Instance } from '../state.ts';
import { tryListen } from '../try-listen.ts';

/** Where pods may ask the stand-ins: k8s/overlays/local/stand-ins.yaml lets them. */
export const SOURCES_PORT = 4010;

/** The stand-ins of the paid APIs did not come up; their log says why. */
export class SourcesNotStarted extends Error {
  override readonly name = 'SourcesNotStarted';
  readonly code = 'SOURCES_NOT_STARTED';
}

const name = 'sources';
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const startLimitMs = 15_000;

/** Starts the stand-ins of all paid APIs as a server of the instance, or finds it running; gives back its URL. */
export async function startSources(
  instance: Instance,
  { address, port = SOURCES_PORT }: { readonly address: string; readonly port?: number },
): Promise<string> {
  const url = `http://${address}:${port}`;
  if ((await runningServer(instance, name)) && (await answers(url))) return url;
  // It may listen on the address of a network that is gone.
  await stopServer(instance, name);
  if ((await tryListen(address, port)) === undefined) {
    throw new SourcesNotStarted(
      `the stand-ins of the paid APIs cannot listen on ${address}:${port}: another program has that port`,
    );
  }
  await startServer(instance, {
    name,
    command: process.execPath,
    args: [main, '--address', address, '--port', String(port)],
    env: { PATH: process.env.PATH },
  });
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline && (await runningServer(instance, name))) {
    if (await answers(url)) return url;
    await sleep(25);
  }
  throw new SourcesNotStarted(
    `the stand-ins of the paid APIs do not answer on ${url}; see ${logFile(instance, name)}`,
  );
}

/** Stops the instance's stand-ins. */
export const stopSources = (instance: Instance): Promise<void> => stopServer(instance, name);

async function answers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000);
  const answer = await fetch(`${url}/_control/faults`, { signal }).catch(() => undefined);
  return answer?.ok === true;
}
