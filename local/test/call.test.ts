import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { programs } from '../../test/helpers/programs.ts';
import { runCommand, script } from '../../test/helpers/run-command.ts';

/** Stands for the program; what it was told is kept, one argument a line. */
const dagger = 'for a; do echo "$a"; done > "$CALLED"; echo from dagger; exit 7';

const noEngine = { _EXPERIMENTAL_DAGGER_RUNNER_HOST: '', DOCKER_HOST: '' };

async function listening(t: ExecutionContext, server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const called = (env: { CALLED: string }) => readFile(env.CALLED, 'utf8').catch(() => 'never');

test('make deploy – an engine that answers – dagger call with the same arguments and exit code', async (t) => {
  const engine = await listening(t, createHttp2() as unknown as Server);
  const env = await programs(t, { dagger });

  const args = ['--overlay', 'a b', '--kubeconfig', 'file:///$HOME/"x"'];
  const { exitCode, printed } = await runCommand(script('local/call.ts', 'deploy', ...args), {
    env: { ...env, _EXPERIMENTAL_DAGGER_RUNNER_HOST: engine },
  });

  t.deepEqual({ exitCode, printed }, { exitCode: 7, printed: 'from dagger' });
  const lines = (await called(env)).trimEnd().split('\n');
  t.deepEqual(lines.slice(0, -2), ['call', 'deploy', ...args]);
  t.is(lines.at(-2), '--by');
  t.regex(lines.at(-1) ?? '', /^\S+@\S+$/);
});

test('make rollback – somebody named already – is left as it is', async (t) => {
  const engine = await listening(t, createHttp2() as unknown as Server);
  const env = await programs(t, { dagger });
  await runCommand(script('local/call.ts', 'rollback', '--by=ann'), {
    env: { ...env, _EXPERIMENTAL_DAGGER_RUNNER_HOST: engine },
  });
  t.is(await called(env), 'call\nrollback\n--by=ann\n');
});

test('make verify-health – an engine on a socket, no git – dagger call', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'call-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'engine.sock');
  const server = createHttp2();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => void server.close());
  const env = await programs(t, { dagger, git: 'exit 128' });

  const { exitCode, printed } = await runCommand(script('local/call.ts', 'verify-health'), {
    env: { ...env, _EXPERIMENTAL_DAGGER_RUNNER_HOST: `unix://${path}` },
  });

  t.is(exitCode, 7, printed);
});

test('make deploy – no engine named, a Docker that answers – dagger call', async (t) => {
  const env = await programs(t, { dagger, docker: '[ "$1" = version ] && echo 29.0.0' });
  const { exitCode } = await runCommand(script('local/call.ts', 'deploy'), {
    env: { ...env, ...noEngine },
  });
  t.is(exitCode, 7);
});

test('make deploy – an engine that only Dagger can reach – is left to Dagger', async (t) => {
  const env = await programs(t, { dagger });
  const { exitCode } = await runCommand(script('local/call.ts', 'deploy'), {
    env: { ...env, _EXPERIMENTAL_DAGGER_RUNNER_HOST: 'kube-pod://engine?namespace=dagger' },
  });
  t.is(exitCode, 7);
});

test('make deploy – dagger is ended by a signal – the exit code is a shell’s', async (t) => {
  const env = await programs(t, { dagger: 'kill -9 $$', docker: 'exit 0' });
  const { exitCode } = await runCommand(script('local/call.ts', 'deploy'), {
    env: { ...env, ...noEngine },
  });
  t.is(exitCode, 137);
});
