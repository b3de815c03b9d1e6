import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { SsmTarget } from '../../src/target/ssm-target.ts';
import { node } from '../aws/helpers/test-aws.ts';
import { healthBody } from '../fake-target.ts';
import { programs, setup } from './setup.ts';

async function target(t: ExecutionContext, texts: Readonly<Record<string, string>>) {
  const path = await programs(t, texts);
  const { aws, commands } = await setup(t, { nodes: [{ ...node, env: { PATH: path } }] });
  const made = new SsmTarget(commands, { instanceId: node.id, namespace: 'whatsthecraic' });
  const sent = () => aws.calls.filter((call) => call.action === 'SendCommand').length;
  return { aws, target: made, sent };
}

test('SsmTarget – several calls of kubectl – one command, each its own output', async (t) => {
  const kubectl = 'printf "%s|" "$@"; cat; case $3 in fail) echo no >&2; exit 3;; esac';
  const { target: ssm, sent } = await target(t, { kubectl });
  const outputs = await ssm.kubectl([
    { args: ['get', 'pods', "it's $(x)"] },
    { args: ['fail'] },
    { args: ['apply', '-f', '-'], input: 'kind: List\n' },
  ]);
  t.deepEqual(outputs, [
    { exitCode: 0, stdout: "--namespace|whatsthecraic|get|pods|it's $(x)|", stderr: '' },
    { exitCode: 3, stdout: '--namespace|whatsthecraic|fail|', stderr: 'no\n' },
    { exitCode: 0, stdout: '--namespace|whatsthecraic|apply|-f|-|kind: List\n', stderr: '' },
  ]);
  t.is(sent(), 1);
});

test('SsmTarget – no calls – no command', async (t) => {
  const { target: ssm, sent } = await target(t, {});
  t.deepEqual(await ssm.kubectl([]), []);
  t.deepEqual(await ssm.probe([]), []);
  t.is(sent(), 0);
});

test('SsmTarget – an answer beyond 24,000 characters – fetched in parts, whole', async (t) => {
  const text = randomBytes(60_000).toString('base64');
  const { target: ssm, sent } = await target(t, { kubectl: `cat <<'END'\n${text}\nEND` });
  const [output] = await ssm.kubectl([{ args: ['logs'] }]);
  t.is(output?.stdout, `${text}\n`);
  t.true(sent() >= 4, `${sent()} commands`);
});

test('SsmTarget – probes by pod, Service and ingress – one command, asked by kubectl and curl', async (t) => {
  const body = healthBody('dj-service', 'src-1');
  const { target: ssm, sent } = await target(t, {
    kubectl: `case "$3" in */http:dj-service-1:4002/proxy/health) echo '${body}';; *) echo "$@" >&2; exit 1;; esac`,
    curl: 'printf "%s " "$@"',
  });
  const answers = await ssm.probe([
    { via: 'pod', service: 'dj-service', pod: 'dj-service-1', port: 4002, address: '' },
    { via: 'service', service: 'dj-service', port: 4002, address: '10.43.0.7' },
    { via: 'service', service: 'dj-service', port: 4002, address: 'fd00::7' },
    { via: 'ingress', service: 'dj-service', host: 'dj.ie', address: '10.0.0.9', tls: true },
    { via: 'ingress', service: 'dj-service', host: 'dj.ie', address: '10.0.0.9', tls: false },
    { via: 'pod', service: 'dj-service', pod: 'gone', port: 4002, address: '' },
    { via: 'pod', service: 'dj-service', pod: 'dj-2', port: 4002, address: '10.42.0.7' },
  ]);
  t.is(answers[0]?.body, `${body}\n`);
  t.regex(answers[1]?.body ?? '', / http:\/\/10\.43\.0\.7:4002\/health $/);
  t.regex(answers[2]?.body ?? '', / http:\/\/\[fd00::7\]:4002\/health $/);
  t.regex(answers[3]?.body ?? '', /--resolve dj\.ie:443:10\.0\.0\.9 https:\/\/dj\.ie\/health $/);
  t.regex(answers[4]?.body ?? '', /--resolve dj\.ie:80:10\.0\.0\.9 http:\/\/dj\.ie\/health $/);
  t.is(answers[5]?.body, '');
  t.truthy(answers[5]?.error);
  t.regex(answers[6]?.body ?? '', / http:\/\/10\.42\.0\.7:4002\/health $/);
  t.is(sent(), 1);
});

test('SsmTarget – the command arrives twice – the same answer', async (t) => {
  const { aws, target: ssm } = await target(t, { kubectl: 'echo once' });
  aws.server.faults.add({ kind: 'deliver-twice', times: 1 });
  t.is((await ssm.kubectl([{ args: ['get'] }]))[0]?.stdout, 'once\n');
});

test('SsmTarget – a call hangs – killed at its own limit, the others answer', async (t) => {
  const kubectl = 'case $3 in hang) exec sleep 30;; *) echo fine;; esac';
  const { target: ssm } = await target(t, { kubectl });
  const outputs = await ssm.kubectl([{ args: ['hang'], timeoutSeconds: 1 }, { args: ['get'] }]);
  t.deepEqual(
    outputs.map(({ exitCode, stdout }) => [exitCode, stdout]),
    [
      [137, ''],
      [0, 'fine\n'],
    ],
  );
});

test('SsmTarget – what the node prints is not ours – COMMAND_OUTPUT_BROKEN', async (t) => {
  const { target: ssm } = await target(t, { sha256sum: 'exit 1' });
  const error = await t.throwsAsync(ssm.kubectl([{ args: ['get'] }]), {
    instanceOf: PipelineError,
  });
  t.is(error?.code, 'COMMAND_OUTPUT_BROKEN');
});

test('SsmTarget – its description – names the instance', async (t) => {
  const { target: ssm } = await target(t, {});
  t.is(ssm.description, `${node.id} over SSM`);
});
