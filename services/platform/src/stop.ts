import type { Server, ServerResponse } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** How long a connection made just before the port closed may take to send its request. */
const LAST_CONNECTIONS_MS = 100;

/**
 * A process that was throttled finds its timers due before it reads what came meanwhile; closing
 * then would throw away requests and connections that lie ready in the kernel.
 */
async function readWhatCame(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Ends the connections of a server without cutting a request short. */
export interface Drain {
  /** Resolves when the last connection is closed; `false` when the deadline had to cut some. */
  close(drainMs: number, deadlineMs: number): Promise<boolean>;
}

/**
 * Watches a server's answers from its start. A closing server with kept connections loses requests:
 * each answer must first tell its caller to use the connection no more.
 */
export function createDrain(server: Server): Drain {
  const answering = new Set<ServerResponse>();
  let draining = false;
  server.prependListener('request', (_req, res) => {
    if (draining) res.setHeader('Connection', 'close');
    answering.add(res);
    res.once('close', () => answering.delete(res));
  });

  return {
    async close(drainMs, deadlineMs) {
      draining = true;
      for (const res of answering) if (!res.headersSent) res.setHeader('Connection', 'close');
      await sleep(drainMs);
      await readWhatCame();

      // HTTP's own close() would at once cut whoever has connected and not yet sent the request.
      const closed = new Promise<true>((resolve) => {
        TcpServer.prototype.close.call(server, () => resolve(true));
      });
      await sleep(Math.min(drainMs, LAST_CONNECTIONS_MS));
      await readWhatCame();
      server.closeIdleConnections();
      const late = new AbortController();
      const deadline = sleep(deadlineMs, false, { signal: late.signal }).catch(() => false);
      const inTime = await Promise.race([closed, deadline]);
      late.abort();
      if (!inTime) server.closeAllConnections();
      return inTime;
    },
  };
}
