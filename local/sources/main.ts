import { parseArgs } from 'node:util';
import { createSourcesServer } from './server.ts';
import { standIns } from './stand-ins.ts';

/** The stand-ins as a process of their own: `main.ts --port <port> [--address <address>]`. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    address: { type: 'string', default: '127.0.0.1' },
  },
});
const server = createSourcesServer(standIns());
console.log(`listening on ${await server.listen(Number(values.port), values.address)}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
