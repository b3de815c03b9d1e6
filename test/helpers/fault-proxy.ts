import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a network may do to a connection. */
export type Fault =
  | { readonly kind: 'none' }
  /** Everything takes so long, each way. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Connections are accepted, and nothing comes through: it arrives when the fault is over. */
  | { readonly kind: 'black hole' }
  /** Every connection is reset as soon as something is sent on it. */
  | { readonly kind: 'reset' }
  /** Nobody listens. */
  | { readonly kind: 'refused' };

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  set(fault: Fault): Promise<void>;
  /** Resets the connections that are there; new ones may come. */
  cut(): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Stands between a client and a server, and does to their connections what networks do. */
export async function startFaultProxy(to: { host: string; port: number }): Promise<FaultProxy> {
  let fault: Fault = { kind: 'none' };
  let changed = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  async function pass(from: Socket, target: Socket): Promise<void> {
    for await (const bytes of from) {
      if (fault.kind === 'reset') from.resetAndDestroy();
      if (fault.kind === 'latency') await sleep(fault.ms);
      while (fault.kind === 'black hole') await changed.promise;
      target.write(bytes);
    }
    target.end();
  }

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...to, noDelay: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => other.resetAndDestroy());
      pass(socket, other).catch(() => other.destroy());
    }
  });
  const listen = async (port: number) => {
    server.listen(port, HOST);
    await once(server, 'listening');
  };
  const stopListening = async () => {
    if (!server.listening) return;
    server.close();
    cut();
    await once(server, 'close');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    host: HOST,
    port,
    cut,
    async set(next) {
      fault = next;
      changed.resolve();
      changed = Promise.withResolvers();
      if (next.kind === 'refused') await stopListening();
      else if (!server.listening) await listen(port);
    },
    close: stopListening,
  };
}
