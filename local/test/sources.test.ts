import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { killAllServers, recordedServers, runningServer } from '../processes.ts';
import { startSources, stopSources } from '../sources/index.ts';
import { ingestionKeys } from '../sources/keys.ts';
import { type Instance, instance } from '../state.ts';
import { tryListen } from '../try-listen.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const address = '127.0.0.1';

async function temporaryInstance(t: ExecutionContext): Promise<Instance> {
  const folder = await temporaryFolder();
  const own = instance('test', { XDG_STATE_HOME: folder });
  t.teardown(async () => {
    await killAllServers(own);
    await rm(folder, { recursive: true, force: true });
  });
  return own;
}

test('stand-ins – started as a server – answer the keys, outlive a second start, and end', async (t) => {
  const own = await temporaryInstance(t);
  const port = (await tryListen(address, 0)) ?? 0;
  const url = await startSources(own, { address, port });
  const first = await runningServer(own, 'sources');

  t.is(url, `http://${address}:${port}`);
  const query = `apikey=${ingestionKeys.TICKETMASTER_API_KEY}&city=Dublin`;
  const asked = () => fetch(`${url}/ticketmaster/discovery/v2/events.json?${query}`);
  t.is((await asked()).status, 200);
  t.is(await startSources(own, { address, port }), url);
  t.is((await runningServer(own, 'sources'))?.pid, first?.pid);

  await stopSources(own);
  await t.throwsAsync(asked());
  t.deepEqual(await recordedServers(own), []);
});

test('stand-ins – another program on their port – say so', async (t) => {
  const own = await temporaryInstance(t);
  const other = createServer((_, response) => response.end('hello')).listen(0, address);
  t.teardown(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  await t.throwsAsync(startSources(own, { address, port }), {
    code: 'SOURCES_NOT_STARTED',
    message: new RegExp(`${address}:${port}: another program has that port`),
  });
});
