import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { npmrcOf } from '../images/build-secrets.ts';
import { createLimit } from '../images/limit.ts';
import { emptyWhenFull } from '../images/storage-limit.ts';

test('npmrc – of this machine – takes registries and credentials along, and no paths', (t) => {
  const config = {
    registry: 'https://registry.example.org/',
    '@team:registry': 'https://team.example.org/',
    'https-proxy': 'http://proxy.example.org:3128',
    proxy: null,
    cafile: '/home/me/ca.pem',
    prefix: '/home/me',
  };
  const user =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own way to name a variable
    'cafile=/home/me/ca.pem\n//team.example.org/:_authToken=${TEAM_TOKEN}\naudit=false\n';
  t.deepEqual(npmrcOf(config, user, { TEAM_TOKEN: 'abc' }).trim().split('\n'), [
    'registry=https://registry.example.org/',
    '@team:registry=https://team.example.org/',
    'https-proxy=http://proxy.example.org:3128',
    '//team.example.org/:_authToken=abc',
  ]);
});

test('limit – ten tasks, three at a time – never exceeds it and keeps the order', async (t) => {
  const limit = createLimit(3);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const task = (index: number) => async () => {
    started.push(index);
    running += 1;
    most = Math.max(most, running);
    await sleep(5);
    running -= 1;
    if (index === 4) throw new Error('fifth');
    return index;
  };
  const indexes = [...Array(10).keys()];
  const outcomes = await Promise.allSettled(indexes.map((index) => limit(task(index))));
  t.is(most, 3);
  t.deepEqual(started, indexes);
  t.deepEqual(
    outcomes.map(({ status }) => status === 'fulfilled'),
    indexes.map((index) => index !== 4),
  );
});

async function storageOf(t: ExecutionContext, images: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'storage/overlay-images'), { recursive: true });
  await mkdir(join(folder, 'run'));
  await writeFile(
    join(folder, 'storage/overlay-images/images.json'),
    JSON.stringify(Array.from({ length: images }, (_, id) => ({ id }))),
  );
  return folder;
}

test('storage – up to its bound – stays', async (t) => {
  const folder = await storageOf(t, 10);
  t.false(await emptyWhenFull(folder, 10));
  t.deepEqual((await readdir(folder)).sort(), ['run', 'storage']);
});

test('storage – beyond its bound – is emptied', async (t) => {
  const folder = await storageOf(t, 11);
  await writeFile(join(folder, 'base-1.json'), '{}');
  t.true(await emptyWhenFull(folder, 10));
  t.deepEqual(await readdir(folder), ['base-1.json']);
});

test('storage – that is not there yet – is left alone', async (t) => {
  t.false(await emptyWhenFull(join(await storageOf(t, 0), 'none'), 0));
});
