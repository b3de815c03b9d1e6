import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 250;
const ASK_HOLDER_MS = 1_000;

/** Another process is at work on the same thing. */
export class Locked extends Error {
  override readonly name = 'Locked';
  readonly code = 'LOCKED';
}

interface LockOptions {
  /** How long to wait for another holder to end, in milliseconds; at once if absent. */
  readonly waitMs?: number;
  /** Called once if there is something to wait for. */
  readonly onWait?: () => void;
}

/**
 * Runs `work` while nobody else on this machine works on `path`, be it another process or another
 * thread. The lock is a bound socket in the abstract namespace (unix(7)): the kernel gives it to one
 * alone and takes it back from whoever dies, so that no file is left to judge.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { waitMs = 0, onWait }: LockOptions = {},
): Promise<T> {
  // An address holds 107 bytes at most.
  const address = `\0whatsthecraic-${createHash('sha256').update(path).digest('hex')}`;
  const deadline = Date.now() + waitMs;
  let lock = await bind(address);
  if (!lock && waitMs > 0) onWait?.();
  while (!lock) {
    if (Date.now() >= deadline) {
      throw new Locked(
        `process ${await holder(address)} is at work on ${path}; wait for it to end, or stop it`,
      );
    }
    await sleep(POLL_MS);
    lock = await bind(address);
  }
  try {
    return await work();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

/** A server that tells its process id, or nothing if the address is taken. */
function bind(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {}); // Who asked may be gone.
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server.unref()));
  });
}

async function holder(address: string): Promise<string> {
  const socket = connect(address);
  socket.setTimeout(ASK_HOLDER_MS, () => socket.destroy());
  return text(socket).catch(() => '?');
}
