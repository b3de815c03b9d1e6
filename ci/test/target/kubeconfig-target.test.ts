import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { KubeconfigTarget } from '../../src/target/kubeconfig-target.ts';

async function target(t: ExecutionContext, text: string): Promise<KubeconfigTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const kubectl = join(folder, 'kubectl');
  await writeFile(kubectl, `#!/bin/sh\n${text}\n`);
  await chmod(kubectl, 0o755);
  return new KubeconfigTarget({ kubectl, kubeconfig: '/k/config', namespace: 'whatsthecraic' });
}

test('KubeconfigTarget – calls – the named kubeconfig and namespace, input, all at once', async (t) => {
  const made = await target(
    t,
    'printf "%s|" "$@"; cat; [ "$5" != fail ] || { echo no >&2; exit 4; }',
  );
  const outputs = await made.kubectl([
    { args: ['apply', "it's"], input: 'text' },
    { args: ['fail'] },
  ]);
  const common = '--kubeconfig|/k/config|--namespace|whatsthecraic|';
  t.deepEqual(outputs, [
    { exitCode: 0, stdout: `${common}apply|it's|text`, stderr: '' },
    { exitCode: 4, stdout: `${common}fail|`, stderr: 'no\n' },
  ]);
});

test('KubeconfigTarget – environment – KUBECONFIG and secrets of ours stay out', async (t) => {
  const [output] = await (await target(t, '/usr/bin/env')).kubectl([{ args: [] }]);
  const names = (output?.stdout ?? '').split('\n').map((line) => line.split('=')[0] ?? '');
  const allowed = new Set(['PATH', 'HOME', 'PWD', 'OLDPWD', 'SHLVL', '_', '']);
  t.deepEqual(
    names.filter((name) => !allowed.has(name)),
    [],
  );
});

test('KubeconfigTarget – a call beyond its limit – killed, though its child holds the pipes', async (t) => {
  const made = await target(t, 'sleep 20 & wait');
  const started = performance.now();
  const [output] = await made.kubectl([{ args: ['get'], timeoutSeconds: 1 }]);
  t.is(output?.exitCode, 137);
  t.true(performance.now() - started < 8_000);
});

test('KubeconfigTarget – a call that leads – has ended before the others begin', async (t) => {
  // The mark lies beside the program.
  const made = await target(
    t,
    'case "$5" in first) sleep 0.3; echo led >"$0.mark";; *) cat "$0.mark";; esac',
  );
  const outputs = await made.kubectl([{ args: ['other'] }, { args: ['first'], leads: true }]);
  t.deepEqual(
    outputs.map(({ exitCode, stdout }) => [exitCode, stdout]),
    [
      [0, 'led\n'],
      [0, ''],
    ],
  );
});

test('KubeconfigTarget – probes of pods – through the API server, in the order asked', async (t) => {
  const made = await target(
    t,
    'case "$7" in */http:a-1:4000/*) echo body;; *) echo "$7" >&2; exit 1;; esac',
  );
  const pod = (name: string) =>
    ({ via: 'pod', service: 'a', pod: name, port: 4000, address: '10.0.0.1' }) as const;
  const answers = await made.probe([pod('a-2'), pod('a-1')]);
  t.regex(answers[0]?.error ?? '', /pods\/http:a-2:4000\/proxy\/health$/);
  t.is(answers[1]?.body, 'body\n');
});
