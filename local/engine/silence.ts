import { connect, type NetConnectOpts } from 'node:net';

/** An HTTP/2 client's first words, with empty settings: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const greeting = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** Why nothing answers at an address; undefined if something does. A bare connection proves little. */
export function silence(address: NetConnectOpts, limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address, () => socket.write(greeting));
    const end = (why?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => end(`no answer within ${limitMs / 1_000} s`), limitMs);
    socket.once('data', () => end());
    socket.once('error', (error) => end(error.message));
    socket.once('end', () => end('it hangs up without an answer'));
  });
}
