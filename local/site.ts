import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortTaken, requireFreePort } from './free-port.ts';
import type { Place } from './place.ts';
import { portHolder } from './port-holder.ts';
import { runningServer, startServer, stopServer } from './processes.ts';
import type { Instance } from './state.ts';

const name = 'front-door';

/** Throws if something else than our own front door listens on the port: better now than at the end. */
export async function requirePort(instance: Instance, port: number): Promise<void> {
  const [own, holder] = await Promise.all([runningServer(instance, name), portHolder(port)]);
  if (own && own.pid === holder?.pid) return;
  await requireFreePort(port, 'make up');
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
