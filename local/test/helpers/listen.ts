import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts a server at an address, any free port; ends it after the tests. */
export async function listen(
  server: Server,
  address: string,
  onEnd: (end: () => void) => void,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${address}:${(server.address() as AddressInfo).port}`;
}
