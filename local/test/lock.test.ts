import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { withLock } from '../lock.ts';

const somewhere = () => `/somewhere/${randomUUID()}`;

/** A program that takes the lock, says so and keeps it. */
const holdForever = (path: string) => `
  import { withLock } from ${JSON.stringify(new URL('../lock.ts', import.meta.url).href)};
  await withLock(${JSON.stringify(path)}, async () => {
    console.log('held');
    await new Promise((resolve) => setTimeout(resolve, 30_000));
  });`;

const startHolder = async (path: string) => {
  const args = ['--input-type=module', '--eval', holdForever(path)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
};

test('lock – taken by another process – names it and what to do', async (t) => {
  const path = somewhere();
  const child = await startHolder(path);
  t.teardown(() => child.kill('SIGKILL'));
  const error = await t.throwsAsync(withLock(path, async () => t.fail()));
  t.is(
    error?.message,
    `process ${child.pid} is at work on ${path}; wait for it to end, or stop it`,
  );
});

test('lock – the holder was killed – is free', async (t) => {
  const path = somewhere();
  const child = await startHolder(path);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.is(await withLock(path, async () => 'mine'), 'mine');
});

test('lock – held by another thread – is taken', async (t) => {
  const path = somewhere();
  const worker = new Worker(new URL(`data:text/javascript,${encodeURI(holdForever(path))}`), {
    stdout: true,
  });
  t.teardown(() => worker.terminate());
  await once(worker.stdout, 'data');
  await t.throwsAsync(
    withLock(path, async () => t.fail()),
    { code: 'LOCKED' },
  );
});

test('lock – the work fails – is free again', async (t) => {
  const path = somewhere();
  const failing = withLock(path, async () => {
    throw new Error('broken');
  });
  await t.throwsAsync(failing, { message: 'broken' });
  t.is(await withLock(path, async () => 'mine'), 'mine');
});

test('lock – many at once – never two, and each has its turn', async (t) => {
  const path = somewhere();
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await sleep(1);
    working -= 1;
  };
  const all = Array.from({ length: 12 }, () => withLock(path, work, { waitMs: 30_000 }));
  await Promise.all(all);
  t.is(most, 1);
});

test('lock – waiting for too long – gives up', async (t) => {
  const path = somewhere();
  const waits: string[] = [];
  await withLock(path, async () => {
    const second = withLock(path, async () => t.fail(), {
      waitMs: 300,
      onWait: () => waits.push('waiting'),
    });
    await t.throwsAsync(second, { code: 'LOCKED' });
  });
  t.deepEqual(waits, ['waiting']);
});
