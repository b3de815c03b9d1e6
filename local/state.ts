import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * One set of local servers: `up` is what `make up` leaves running, tests use names of their own, so
 * that the two never meet.
 */
export interface Instance {
  readonly name: string;
  /** Everything that `make down` removes: sockets, logs, data, process records. */
  readonly stateFolder: string;
  /** What is worth keeping between runs: compiled programs, base images, build layers. */
  readonly cacheFolder: string;
}

/** The folders of an instance, after the XDG base directory specification. */
export function instance(name: string, env: NodeJS.ProcessEnv = process.env): Instance {
  if (!/^[a-z][a-z0-9-]{0,15}$/.test(name)) {
    throw new TypeError(
      `instance name: expected 1 to 16 of a-z 0-9 -, got ${JSON.stringify(name)}`,
    );
  }
  const state = env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return {
    name,
    stateFolder: join(state, 'whatsthecraic', name),
    cacheFolder: join(cache, 'whatsthecraic'),
  };
}
