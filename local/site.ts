import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './place.ts';
import { runningServer, startServer, stopServer } from './processes.ts';
import type { Instance } from './state.ts';
import { tryListen } from './try-listen.ts';

/** The address at which the site would stand is taken. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'PORT_TAKEN';
}

const name = 'front-door';

/** Throws if something else than our own front door listens on the port: better now than at the end. */
export async function requirePort(instance: Instance, port: number): Promise<void> {
  if (await runningServer(instance, name)) return;
  if ((await tryListen('127.0.0.1', port)) !== undefined) return;
  throw new PortTaken(
    `port ${port} of this machine is taken by another program; end that, or choose another: make up PORT=<port>`,
  );
}

/** Opens the site on this machine's loopback; gives back its URL. */
export async function openSite(instance: Instance, place: Place, port: number): Promise<string> {
  const [command, ...args] = await place.frontDoor(port);
  await stopServer(instance, name);
  await startServer(instance, { name, command, args });
  await waitForPort(port);
  return `http://localhost:${port}`;
}

export const closeSite = (instance: Instance): Promise<void> => stopServer(instance, name);

async function waitForPort(port: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new PortTaken(`nothing came to listen on port ${port} of this machine`);
}
