import { CancelCommandCommand, ListCommandsCommand } from '@aws-sdk/client-ssm';
import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { ManualTimers } from '../aws/helpers/manual-timers.ts';
import { eventually, isSleeping } from '../aws/helpers/test-aws.ts';
import { hurriedClock, setup } from './setup.ts';

const options = { runSeconds: 20, comment: 'whatsthecraic test' };
const refused = (code: string, message?: RegExp) => ({
  instanceOf: PipelineError,
  message: new RegExp(`${message?.source ?? ''}(.|\\n)*code: ${code}$`),
});

test('run – a script that succeeds – what it printed', async (t) => {
  const { commands } = await setup(t);
  t.is(await commands.run('printf "Ó Briain"', options), 'Ó Briain');
});

test('run – a script that fails – exit code and the end of what it complained', async (t) => {
  const { commands } = await setup(t);
  const run = commands.run('echo "no disk" >&2; exit 7', options);
  await t.throwsAsync(run, refused('COMMAND_OUTPUT_BROKEN', /exit code 7\.\nno disk/));
});

test('run – more output than SSM hands back – its first 24,000 characters', async (t) => {
  const { commands } = await setup(t);
  const printed = await commands.run('seq 1 20000', options);
  t.is(printed.length, 24_000);
  t.true(printed.startsWith('1\n2\n3\n'));
});

test('run – the command is not known for a while – waited for', async (t) => {
  const { aws, commands } = await setup(t, { consistencyMs: 1_500 });
  t.is(await commands.run('printf x', options), 'x');
  t.true(aws.calls.some((call) => call.error === 'InvocationDoesNotExist'));
});

test('run – the command stays unknown – an error after 30 s, not at once and not never', async (t) => {
  const clock = hurriedClock(15);
  const { commands } = await setup(t, { consistencyMs: 600_000, clock });
  const started = clock.monotonic();
  await t.throwsAsync(commands.run('printf x', options), refused('AWS_UNREACHABLE'));
  const seconds = (clock.monotonic() - started) / 1_000;
  t.true(seconds >= 30 && seconds < 120, `${seconds} s`);
});

test('run – throttled now and then – the SDK tries again', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'throttle', action: 'SendCommand', times: 2 });
  aws.server.faults.add({ kind: 'throttle', action: 'GetCommandInvocation', times: 2 });
  t.is(await commands.run('printf x', options), 'x');
});

test('run – reads throttled for longer than the SDK tries – the command is waited for', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'throttle', action: 'GetCommandInvocation', times: 9 });
  t.is(await commands.run('printf x', options), 'x');
});

test('run – AWS fails inside, connections are cut – the command is waited for', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'internal-error', action: 'GetCommandInvocation', times: 5 });
  aws.server.faults.add({ kind: 'cut', action: 'GetCommandInvocation', times: 5 });
  t.is(await commands.run('printf x', options), 'x');
});

test('run – sending is throttled for good – an error, and nothing ran', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'throttle', action: 'SendCommand', times: 50 });
  await t.throwsAsync(commands.run('printf x', options), refused('AWS_UNREACHABLE', /Throttl/));
  const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({}));
  t.is(Commands.length, 0);
});

test('run – a policy forbids it – AWS_DENIED at once', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'access-denied', action: 'SendCommand', times: 1 });
  await t.throwsAsync(commands.run('printf x', options), refused('AWS_DENIED', /AccessDenied/));
});

test('run – reading is forbidden – AWS_DENIED at once', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'access-denied', action: 'GetCommandInvocation', times: 1 });
  await t.throwsAsync(commands.run('printf x', options), refused('AWS_DENIED'));
});

test('run – a wrong key – AWS_DENIED, and the key is not in the message', async (t) => {
  const secretAccessKey = 'wrong-key-wrong-key-wrong-key-wrong-key';
  const { commands } = await setup(t, { secretAccessKey });
  const error = await t.throwsAsync(commands.run('printf x', options), refused('AWS_DENIED'));
  t.false(error?.message.includes(secretAccessKey));
});

test('run – an instance that does not exist – INSTANCE_OFFLINE', async (t) => {
  const { commands } = await setup(t, { instanceId: 'i-0fffffffffffffff0' });
  await t.throwsAsync(commands.run('printf x', options), refused('INSTANCE_OFFLINE'));
});

test('run – the reply to SendCommand is lost – sent again, one answer', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'lose-reply', action: 'SendCommand', times: 1 });
  t.is(await commands.run('printf x', options), 'x');
  const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({}));
  t.is(Commands.length, 2);
});

test('run – the node gets the command twice – one answer', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'deliver-twice', times: 1 });
  t.is(await commands.run('printf x', options), 'x');
});

test('run – delivery is delayed – waited for', async (t) => {
  const { aws, commands } = await setup(t);
  aws.server.faults.add({ kind: 'delay-delivery', times: 1, ms: 1_500 });
  t.is(await commands.run('printf x', options), 'x');
});

test('run – never delivered – COMMAND_NOT_DELIVERED at the delivery limit', async (t) => {
  const timers = new ManualTimers();
  const { aws, commands } = await setup(t, { timers });
  aws.server.faults.add({ kind: 'never-deliver', times: 1 });
  const run = commands.run('printf x', options);
  await eventually('it was sent', () => timers.waiting > 0);
  timers.advance(61_000);
  await t.throwsAsync(run, refused('COMMAND_NOT_DELIVERED', /was never fetched/));
});

for (const details of ['Undeliverable', 'Terminated', 'AccessDenied', 'InvalidPlatform'] as const) {
  test(`run – refused as ${details} – an error that says so`, async (t) => {
    const { aws, commands } = await setup(t);
    aws.server.faults.add({ kind: 'refuse-delivery', times: 1, details });
    await t.throwsAsync(commands.run('printf x', options), { message: new RegExp(details) });
  });
}

test('run – the script runs over its limit – COMMAND_TIMED_OUT', async (t) => {
  const timers = new ManualTimers();
  const { aws, commands } = await setup(t, { timers });
  const run = commands.run('sleep 40.731', { ...options, runSeconds: 5 });
  await eventually('it runs', () => isSleeping('40.731'));
  await eventually('it was killed', async () => {
    timers.advance(5_100);
    const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({}));
    return Commands[0]?.Status !== 'InProgress';
  });
  await t.throwsAsync(run, refused('COMMAND_TIMED_OUT', /ended at its limit/));
});

test('run – cancelled by somebody else – COMMAND_CANCELLED', async (t) => {
  const { aws, commands } = await setup(t);
  const run = commands.run('sleep 40', options);
  let id = '';
  await eventually('it runs', async () => {
    const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({}));
    id = Commands[0]?.CommandId ?? '';
    return Commands[0]?.Status === 'InProgress';
  });
  await aws.ssm.send(new CancelCommandCommand({ CommandId: id }));
  await t.throwsAsync(run, refused('COMMAND_CANCELLED', /by somebody else/));
});

test('run – the node’s result gets lost – given up in bounded time, and cancelled', async (t) => {
  const clock = hurriedClock(40);
  const { aws, commands } = await setup(t, { clock });
  aws.server.faults.add({ kind: 'lose-result', times: 1 });
  const started = clock.monotonic();
  const run = commands.run('printf x', { ...options, runSeconds: 5 });
  await t.throwsAsync(run, refused('COMMAND_TIMED_OUT', /still InProgress/));
  t.true(clock.monotonic() - started < 300_000);
  t.true(aws.calls.some((call) => call.action === 'CancelCommand'));
});

test('run – AWS is away from the first read on – given up in bounded time', async (t) => {
  const clock = hurriedClock(40);
  const { aws, commands } = await setup(t, { clock });
  aws.server.faults.add({ kind: 'cut', action: 'GetCommandInvocation', times: 1_000 });
  const started = performance.now();
  const run = commands.run('printf x', { ...options, runSeconds: 5 });
  await t.throwsAsync(run, refused('AWS_UNREACHABLE'));
  t.true(performance.now() - started < 20_000);
});

test('run – nobody listens at the endpoint – AWS_UNREACHABLE', async (t) => {
  const { aws, commands } = await setup(t);
  await aws.server.close();
  await t.throwsAsync(commands.run('printf x', options), refused('AWS_UNREACHABLE'));
});

test('run – a long comment – cut to what AWS takes', async (t) => {
  const { commands } = await setup(t);
  t.is(await commands.run('printf x', { ...options, comment: 'c'.repeat(300) }), 'x');
});

test('requireOnline – online, offline, unknown – passes, and two errors', async (t) => {
  const { aws, commands } = await setup(t);
  await t.notThrowsAsync(commands.requireOnline());
  aws.server.setNode('i-0123456789abcdef0', 'offline');
  await t.throwsAsync(commands.requireOnline(), refused('INSTANCE_OFFLINE', /ConnectionLost/));
  const other = await setup(t, { instanceId: 'i-0fffffffffffffff0' });
  await t.throwsAsync(other.commands.requireOnline(), refused('INSTANCE_UNKNOWN'));
});

test('run – commands of 0 to 4 s – told within 2 s of their end', async (t) => {
  const { commands } = await setup(t, { consistencyMs: 150, deliveryMs: 50 });
  const lengths = [0, 0.5, 1, 1.3, 1.7, 2.2, 2.8, 3.3, 3.9];
  const late = await Promise.all(
    lengths.map(async (seconds) => {
      const printed = await commands.run(`sleep ${seconds}; date +%s.%N`, options);
      return Date.now() / 1_000 - Number(printed);
    }),
  );
  const sorted = late.toSorted((a, b) => a - b);
  t.log(`seconds late: ${sorted.map((seconds) => seconds.toFixed(2)).join(' ')}`);
  // All but one: the machine may be busy with other tests.
  t.true((sorted.at(-2) ?? 9) <= 2);
});
