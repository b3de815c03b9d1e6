import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { Wire } from '../../src/spotify/wire.ts';
import { silentLog } from '../helpers/service.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('wire – a call that gets no answer, while garbage is collected – is given up at its limit', async (t) => {
  t.timeout(10_000);
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  t.teardown(() => silent.close().closeAllConnections());
  const collecting = setInterval(collectGarbage, 10);
  t.teardown(() => clearInterval(collecting));
  const penalty = { left: async () => 0, extend: async () => {} };
  const wire = new Wire({ penalty, log: silentLog('spotify') });

  const { port } = silent.address() as AddressInfo;
  t.deepEqual(await wire.call(new Request(`http://127.0.0.1:${port}/`), 200), { kind: 'failed' });
});
