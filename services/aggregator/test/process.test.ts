import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';

const folder = new URL('..', import.meta.url);
const nowhere = 'http://127.0.0.1:1';
const good = {
  PORT: '0',
  METRICS_PORT: '0',
  AUTH_SERVICE_URL: nowhere,
  EVENTS_SERVICE_URL: nowhere,
  DJ_SERVICE_URL: nowhere,
  VENUE_SERVICE_URL: nowhere,
  ML_SERVICE_URL: nowhere,
};

/** The service as a process of its own, with this environment and no other. */
function run(t: ExecutionContext, env: Record<string, string>) {
  t.timeout(60_000);
  const child = spawn(process.execPath, ['--conditions=source', 'src/server.ts'], {
    cwd: folder,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  child.stdout.on('data', (text) => {
    output.out += text;
  });
  child.stderr.on('data', (text) => {
    output.err += text;
  });
  return { child, output, ended: endOf(child) };
}

const endOf = (child: ChildProcess) =>
  new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );

async function listening({ output }: ReturnType<typeof run>): Promise<string> {
  for (;;) {
    const [, port] = /"port":(\d+).*"msg":"listening"/.exec(output.out) ?? [];
    if (port) return `http://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('the process – nothing set – tells all that is missing and exits with 1', async (t) => {
  const { ended, output } = run(t, { LOG_LEVEL: 'loud' });

  t.is(await ended, 1);
  t.true(output.err.startsWith('aggregator cannot start: 6 settings are missing or wrong:\n'));
  t.is(output.err.match(/_SERVICE_URL is not set/g)?.length, 5);
  t.false(output.err.includes('    at '), 'no stack for a fault that is not in the code');
});

test('the process – a port that is taken – names it and exits with 1', async (t) => {
  const other = createServer().listen(0);
  await new Promise((resolve) => other.once('listening', resolve));
  t.teardown(() => void other.close());
  const { port } = other.address() as AddressInfo;

  const { ended, output } = run(t, { ...good, PORT: String(port) });

  t.is(await ended, 1);
  t.regex(output.err, new RegExp(`^aggregator cannot start: port ${port} is taken`));
});

test('the process – LISTEN_ADDRESS – is where it listens, and must be of this machine', async (t) => {
  const service = run(t, { ...good, LISTEN_ADDRESS: '127.0.0.2' });
  const url = await listening(service);
  t.is((await fetch(url.replace('127.0.0.1', '127.0.0.2'))).status, 200);
  await t.throwsAsync(fetch(url));

  const { ended, output } = run(t, { ...good, LISTEN_ADDRESS: '192.0.2.1' });
  t.is(await ended, 1);
  t.regex(output.err, /^aggregator cannot start: LISTEN_ADDRESS is no address of this machine/);
});

test('the process – SIGTERM – answers what is under way, then exits with 0', async (t) => {
  const service = run(t, { ...good, DRAIN_MS: '100', SOURCE_DIGEST: 'src-1', GIT_COMMIT: 'abc' });
  const url = await listening(service);
  const health = (await (await fetch(`${url}/health`)).json()) as object;
  t.like(health, { service: 'aggregator', source: 'src-1', commit: 'abc' });

  service.child.kill('SIGTERM');

  t.is(await service.ended, 0);
  t.regex(service.output.out, /"inTime":true,"msg":"stopped"/);
  t.is(service.output.err, '');
});

test('the process – a second signal – ends it at once', async (t) => {
  const service = run(t, { ...good, DRAIN_MS: '60000' });
  await listening(service);

  service.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  service.child.kill('SIGTERM');

  t.is(await service.ended, 143);
});
