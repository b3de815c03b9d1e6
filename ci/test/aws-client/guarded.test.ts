import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelCommandCommand, ListCommandsCommand } from '@aws-sdk/client-ssm';
import test, { type ExecutionContext } from 'ava';
import type { AwsOptions } from '../../../local/aws/options.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { PipelineError } from '../../src/errors.ts';
import { SsmTarget } from '../../src/target/ssm-target.ts';
import { eventually, node } from '../aws/helpers/test-aws.ts';
import { changeOf, takeAs } from '../release/lease-world.ts';
import { hurriedClock, programs, setup } from './setup.ts';

const program = join(import.meta.dirname, '..', 'release', 'lease-kubectl.ts');

/** A target whose node runs what SSM brings, against a cluster that holds a Lease. */
async function world(
  t: ExecutionContext,
  options: Partial<AwsOptions> & { readonly clock?: Clock } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'lease-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const kubectl = `exec '${process.execPath}' '${program}' '${folder}' "$@"`;
  const path = await programs(t, { kubectl });
  const { aws, commands } = await setup(t, {
    ...options,
    nodes: [{ ...node, env: { PATH: path } }],
  });
  const target = new SsmTarget(commands, { instanceId: node.id, namespace: 'whatsthecraic' });
  const changes = () => readFile(join(folder, 'changes'), 'utf8').catch(() => '');
  return { aws, target, changes, folder };
}

const slowChange = (what: string, ms: number) => ({ args: ['change', what, String(ms)] });
const refusedAs = (code: string) => ({
  instanceOf: PipelineError,
  message: new RegExp(`code: ${code}$`),
});

test('mutate over SSM – the command is delivered twice – one change, and its answer', async (t) => {
  const { aws, target, changes } = await world(t);
  const { held } = await takeAs('a', target, systemClock);
  aws.server.faults.add({ kind: 'deliver-twice', times: 1 });
  const { outputs } = await held.mutate('apply', [slowChange('apply', 300)], [changeOf('read')]);
  t.is(outputs[0]?.stdout, 'apply done');
  // Lets the second arrival end, if it does anything at all.
  await held.mutate('next', [changeOf('next')]);
  t.is(await changes(), 'apply\nread\nnext\n');
});

test('mutate over SSM – the reply to SendCommand is lost, so that the SDK sends again – one change', async (t) => {
  const { aws, target, changes } = await world(t);
  const { held } = await takeAs('a', target, systemClock);
  aws.server.faults.add({ kind: 'lose-reply', action: 'SendCommand', times: 1 });
  const { outputs } = await held.mutate('apply', [slowChange('apply', 300)]);
  t.is(outputs[0]?.stdout, 'apply done');
  t.is(await changes(), 'apply\n');
});

test('mutate over SSM – the command’s result is lost – sent again, the first answer found', async (t) => {
  const { aws, target, changes } = await world(t, { clock: hurriedClock(40) });
  const { held } = await takeAs('a', target, systemClock);
  aws.server.faults.add({ kind: 'lose-result', times: 1 });
  const { outputs } = await held.mutate('apply', [changeOf('apply')]);
  t.is(outputs[0]?.stdout, 'apply done');
  t.is(await changes(), 'apply\n');
});

test('mutate over SSM – the command arrives after somebody else took the Lease – refused on the node', async (t) => {
  const { aws, target, changes } = await world(t);
  const { held } = await takeAs('a', target, systemClock);
  aws.server.faults.add({ kind: 'delay-delivery', times: 1, ms: 12_000 });
  const sent = () => aws.calls.filter((call) => call.action === 'SendCommand').length;
  const before = sent();
  const late = t.throwsAsync(held.mutate('apply', [changeOf('late')]), refusedAs('LEASE_LOST'));
  await eventually('it is sent', () => sent() > before);
  // Whoever comes knows that a is dead, as `make up` does.
  const next = await takeAs('b', target, systemClock, { holderIsDead: true });
  await next.held.mutate('apply', [changeOf('next')]);
  await late;
  t.is(await changes(), 'next\n');
});

test('mutate over SSM – the node’s agent is offline – COMMAND_NOT_DELIVERED in bounded time, nothing changed', async (t) => {
  const { aws, target, changes } = await world(t);
  await takeAs('a', target, systemClock);
  const hurried = await world(t, { clock: hurriedClock(60) });
  hurried.aws.server.setNode(node.id, 'offline');
  const started = performance.now();
  await t.throwsAsync(takeAs('a', hurried.target, hurriedClock(60)), { instanceOf: PipelineError });
  t.true(performance.now() - started < 40_000);
  t.is(await hurried.changes(), '');
  t.is(await changes(), '');
  await aws.server.close();
});

test('mutate over SSM – killed on the node in the middle – sent anew under the same Lease', async (t) => {
  const { aws, target, changes } = await world(t);
  const { held } = await takeAs('a', target, systemClock);
  const mutated = held.mutate('apply', [slowChange('apply', 4_000)]);
  let id = '';
  await eventually('it runs', async () => {
    const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({}));
    const running = Commands.find((it) => it.Status === 'InProgress');
    id = running?.Comment?.includes('change') ? (running.CommandId ?? '') : '';
    return id !== '';
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await aws.ssm.send(new CancelCommandCommand({ CommandId: id }));
  const { outputs } = await mutated;
  t.is(outputs[0]?.stdout, 'apply done');
  // The first one's call outlives its shell; both are of the same holder, and say the same.
  t.regex(await changes(), /^(?:apply\n){1,2}$/);
});

test('mutate over SSM – a call prints 5 MB – whole', async (t) => {
  t.timeout(180_000);
  const { target, folder } = await world(t);
  const { held } = await takeAs('a', target, systemClock);
  const line = `{"level":"error","message":"Ó Briain 🎻 ${'x'.repeat(60)}"}\n`;
  const text = `${line.repeat(55_000)}${randomBytes(30_000).toString('base64')}`;
  t.true(Buffer.byteLength(text) > 5_000_000);
  await writeFile(join(folder, 'log'), text);
  const { outputs } = await held.mutate('apply', [{ args: ['print', join(folder, 'log')] }]);
  t.true(outputs[0]?.stdout === text);
});

test('mutate over SSM – credentials expire in the middle – AWS_DENIED with what to do, nothing changed', async (t) => {
  const credentials = {
    accessKeyId: 'ASIATESTTESTTESTTEST',
    secretAccessKey: 'a-secret-access-key-that-expires-soon',
    sessionToken: 'a-session-token-that-expires-soon',
    expiresAt: Date.now() + 600_000,
  };
  const { aws, target, changes } = await world(t, { credentials: [credentials] });
  const { held } = await takeAs('a', target, systemClock);
  credentials.expiresAt = Date.now() - 1_000;
  const error = await t.throwsAsync(
    held.mutate('apply', [changeOf('apply')]),
    refusedAs('AWS_DENIED'),
  );
  t.regex(error.message, /ExpiredToken/);
  t.false(error.message.includes(credentials.sessionToken));
  t.is(await changes(), '');
  t.true(aws.calls.length > 0);
});
