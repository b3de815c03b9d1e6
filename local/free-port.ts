import { portHolder } from './port-holder.ts';
import { tryListen } from './try-listen.ts';

/** The address at which the site would stand is taken. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'PORT_TAKEN';
}

/** Throws if the port of this machine's loopback is taken: better now than at the end. */
export async function requireFreePort(port: number, command: string): Promise<void> {
  if ((await tryListen('127.0.0.1', port)) !== undefined) return;
  const holder = await portHolder(port);
  const why = holder
    ? `is taken by process ${holder.pid} (${holder.program})`
    : 'is taken by another user’s program, or is for root alone';
  // What `make up` leaves running at its end is no program that anybody would look for.
  const cure = holder?.program.endsWith('front-door.ts')
    ? 'that is the site of make up, which make down removes'
    : 'end that';
  throw new PortTaken(
    `port ${port} of this machine ${why}; ${cure}, or choose another: ${command} PORT=<port>`,
  );
}
