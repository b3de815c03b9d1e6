import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export type Fault = (socket: Socket) => void;

const afterRequest =
  (answer: (socket: Socket) => void): Fault =>
  (socket) =>
    void socket.once('data', () => answer(socket));

/** What a service can do to whoever asks it, on the wire; and what that is told to the caller. */
export const faults: readonly { what: string; fault: Fault; status: 502 | 504 }[] = [
  { what: 'never answers', fault: () => {}, status: 504 },
  { what: 'resets', fault: afterRequest((socket) => socket.resetAndDestroy()), status: 502 },
  { what: 'closes without a word', fault: afterRequest((socket) => socket.end()), status: 502 },
  {
    what: 'speaks no HTTP',
    fault: afterRequest((socket) => socket.end('+OK POP3 ready\r\n')),
    status: 502,
  },
  {
    what: 'breaks off in the middle',
    fault: afterRequest((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{"a"',
      );
      setTimeout(() => socket.destroy(), 20);
    }),
    status: 502,
  },
  {
    what: 'drips a header a second',
    fault: afterRequest((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 100);
      socket.once('close', () => clearInterval(timer));
    }),
    status: 504,
  },
];

/** A service that first fails in its way; healed, it is another process, which answers. */
export async function startFaulty(t: ExecutionContext, fault: Fault, behind: string) {
  let isFaulty = true;
  const faulty = new Set<Socket>();
  const { port } = new URL(behind);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (isFaulty) {
      faulty.add(socket);
      fault(socket);
      return;
    }
    const through = connect(Number(port), '127.0.0.1');
    through.on('error', () => socket.destroy());
    socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const heal = () => {
    isFaulty = false;
    for (const socket of faulty) socket.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heal };
}
