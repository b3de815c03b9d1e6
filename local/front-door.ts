import { connect, createServer } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * Passes TCP connections from this machine on to a Service of the cluster. It runs as a process of
 * its own, so that the site stays when `make up` has ended.
 */
const { values } = parseArgs({
  options: { port: { type: 'string' }, to: { type: 'string' } },
});
const [host = '', port = ''] = values.to?.split(':') ?? [];

const server = createServer({ allowHalfOpen: true }, (client) => {
  const upstream = connect({ host, port: Number(port), allowHalfOpen: true });
  client.pipe(upstream).pipe(client);
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  client.on('error', end);
  upstream.on('error', end);
  upstream.setTimeout(120_000, end);
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1');
