import test from 'ava';
import type { Dependency, DependencyFacts } from '../src/health.ts';
import { start, until } from './helpers/start.ts';

interface Switch extends Dependency {
  answer: () => Promise<DependencyFacts | undefined>;
}

const dependency = (required: boolean, answer: Switch['answer']): Switch => ({
  name: 'database',
  required,
  answer,
  check() {
    return this.answer();
  },
});

const refuse = () => Promise.reject(new Error('ECONNREFUSED'));
const agree = () => Promise.resolve(undefined);

const ask = async (url: string) => {
  const [health, ready, live] = await Promise.all(
    ['/health', '/readyz', '/livez'].map((path) => fetch(url + path)),
  );
  return {
    codes: [health?.status, ready?.status, live?.status],
    report: (await health?.json()) as Record<string, unknown>,
  };
};

test('health – a required dependency – unready until its first answer, then ready for good', async (t) => {
  const database = dependency(true, refuse);
  const { url, lines } = await start(t, { routes: [], dependencies: [database] });

  await until(async () => (await ask(url)).report.status === 'unready');
  await until(async () => JSON.stringify((await ask(url)).report).includes('ECONNREFUSED'));
  const before = await ask(url);
  t.deepEqual(before.codes, [503, 503, 200]);
  t.like(before.report, { service: 'test', source: 'src-test', commit: 'abc' });
  t.deepEqual(before.report.dependencies, { database: { status: 'down', detail: 'ECONNREFUSED' } });

  database.answer = agree;
  await until(async () => (await ask(url)).report.status === 'ok');
  t.deepEqual((await ask(url)).codes, [200, 200, 200]);

  database.answer = refuse;
  await until(async () => (await ask(url)).report.status === 'degraded');
  t.deepEqual((await ask(url)).codes, [200, 200, 200]);

  const changes = lines.filter(({ msg }) => msg === 'dependency changed');
  t.deepEqual(
    changes.map(({ status }) => status),
    ['down', 'ok', 'down'],
  );
});

test('health – what the site is set up without – is told, and makes nothing worse', async (t) => {
  const without = { mail: 'SMTP_URL is not set' };
  const { url } = await start(t, { routes: [], without });
  const { codes, report } = await ask(url);
  t.deepEqual(codes, [200, 200, 200]);
  t.like(report, {
    status: 'ok',
    dependencies: { mail: { status: 'off', detail: 'SMTP_URL is not set' } },
  });
});

test('health – an optional dependency that is down – degraded and ready', async (t) => {
  const { url } = await start(t, { routes: [], dependencies: [dependency(false, refuse)] });

  await until(async () => (await ask(url)).report.status === 'degraded');
  t.deepEqual((await ask(url)).codes, [200, 200, 200]);
});

test('health – a dependency that never answers – is given up, and a request never waits for it', async (t) => {
  const silent = dependency(true, () => new Promise(() => {}));
  const { url } = await start(t, { routes: [], dependencies: [silent] });

  const startedAt = performance.now();
  t.deepEqual((await ask(url)).codes, [503, 503, 200]);
  // The dependency is given up after 1.5 s.
  t.true(performance.now() - startedAt < 1_000);

  await until(async () => {
    const { dependencies } = (await ask(url)).report as { dependencies: Record<string, object> };
    return (
      JSON.stringify(dependencies.database) === '{"status":"down","detail":"no answer in time"}'
    );
  });
});

test('health – while it stops – says stopping, is not ready, and still lives', async (t) => {
  const { url, server, service } = await start(t, { routes: [], config: { drainMs: 300 } });

  const stopped = server.stop();
  const during = await ask(url);

  t.deepEqual(during.codes, [503, 503, 200]);
  t.is(during.report.status, 'stopping');
  t.true(await stopped);
  t.false(service.health.isReady());
});
