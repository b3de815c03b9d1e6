import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetCommandInvocationCommand,
  ListCommandsCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import test, { type ExecutionContext } from 'ava';
import type { CallFault, RefusalDetails } from '../../../local/aws/faults.ts';
import { ManualTimers } from './helpers/manual-timers.ts';
import { controlKey, eventually, node, type TestAws, testAws } from './helpers/test-aws.ts';

const list = new ListCommandsCommand({});

const failing: readonly [CallFault['kind'], object][] = [
  ['throttle', { name: 'ThrottlingException' }],
  ['internal-error', { name: 'InternalServerError' }],
  [
    'access-denied',
    { name: 'AccessDeniedException', message: /not authorized to perform: ssm:ListCommands/ },
  ],
  ['expired-token', { name: 'ExpiredTokenException', message: /token .* is expired/ }],
  ['cut', { code: 'ECONNRESET' }],
];

for (const [kind, expected] of failing) {
  test(`fault ${kind} – told for one call – meets that call and not the next`, async (t) => {
    const { server, ssm } = await testAws(t);
    server.faults.add({ kind, times: 1 });
    await t.throwsAsync(ssm.send(list), expected);
    await t.notThrowsAsync(ssm.send(list));
  });
}

for (const kind of ['throttle', 'internal-error', 'cut'] as const) {
  test(`fault ${kind} – twice – the SDK’s own retries get through`, async (t) => {
    const aws = await testAws(t);
    aws.server.faults.add({ kind, times: 2 });
    const answer = await aws.client({ maxAttempts: 3 }).send(list);
    t.is(answer.$metadata.attempts, 3);
  });
}

test('fault – of one action – leaves the others alone', async (t) => {
  const aws = await testAws(t);
  aws.server.faults.add({ kind: 'throttle', action: 'SendCommand', times: 1 });
  await t.notThrowsAsync(aws.ssm.send(list));
  await t.throwsAsync(aws.send('true'), { name: 'ThrottlingException' });
});

test('fault slow – a client with a shorter limit – gives up', async (t) => {
  const aws = await testAws(t);
  aws.server.faults.add({ kind: 'slow', times: 1, ms: 400 });
  // Without throwOnRequestTimeout the SDK only warns.
  const requestHandler = { requestTimeout: 50, throwOnRequestTimeout: true };
  const call = aws.client({ requestHandler }).send(list);
  await t.throwsAsync(call, { name: 'TimeoutError' });
});

test('fault slow – a patient client – gets the answer late', async (t) => {
  const aws = await testAws(t);
  aws.server.faults.add({ kind: 'slow', times: 1, ms: 200 });
  const began = Date.now();
  await aws.ssm.send(list);
  t.true(Date.now() - began >= 195);
});

test('fault lose-reply – SendCommand – the SDK sends again and the script runs twice', async (t) => {
  const aws = await testAws(t);
  const { file, lines } = await journal(t);
  aws.server.faults.add({ kind: 'lose-reply', action: 'SendCommand', times: 1 });
  const input = {
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [node.id],
    Parameters: { commands: [`echo "$SSM_COMMAND_ID" >> ${file}`] },
  };
  const answer = await aws.client({ maxAttempts: 3 }).send(new SendCommandCommand(input));
  t.is(answer.$metadata.attempts, 2);
  await eventually('both have run', async () => (await lines()).length === 2);
  t.is(new Set(await lines()).size, 2, 'two commands with an id each');
  t.is((await aws.ssm.send(list)).Commands?.length, 2);
  t.deepEqual(
    aws.calls.slice(0, 2).map((call) => call.fault),
    ['lose-reply', null],
  );
});

test('fault deliver-twice – a command – runs twice under one id', async (t) => {
  const aws = await testAws(t);
  const { file, lines } = await journal(t);
  aws.server.faults.add({ kind: 'deliver-twice', times: 1 });
  const done = await aws.run(`echo "$SSM_COMMAND_ID" >> ${file}`);
  t.is(done.Status, 'Success');
  await eventually('both have run', async () => (await lines()).length === 2);
  t.deepEqual(await lines(), [done.CommandId, done.CommandId]);
});

test('fault never-deliver – delivery limit passes – DeliveryTimedOut, and it did not run', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers });
  aws.server.faults.add({ kind: 'never-deliver', times: 1 });
  const id = await aws.send('true', { TimeoutSeconds: 30 });
  t.like(await aws.invocation(id), { Status: 'Pending', ResponseCode: -1 });
  timers.advance(29_999);
  t.is((await aws.invocation(id)).Status, 'Pending');
  timers.advance(1);
  t.like(await aws.until(id, 'TimedOut'), {
    StatusDetails: 'DeliveryTimedOut',
    ResponseCode: -1,
    ExecutionStartDateTime: '',
  });
});

test('fault delay-delivery – for a while – Delayed, then it runs', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers });
  aws.server.faults.add({ kind: 'delay-delivery', times: 1, ms: 200 });
  const id = await aws.send('echo late');
  t.like(await aws.invocation(id), { Status: 'Delayed', StatusDetails: 'Delayed' });
  timers.advance(200);
  t.like(await aws.until(id, 'Success'), { StandardOutputContent: 'late\n' });
});

const refusals: readonly [RefusalDetails, string][] = [
  ['Undeliverable', 'Failed'],
  ['AccessDenied', 'Failed'],
  ['InvalidPlatform', 'Failed'],
  ['RateExceeded', 'Failed'],
  ['Terminated', 'Cancelled'],
];

for (const [details, status] of refusals) {
  test(`fault refuse-delivery – ${details} – ends as ${status} without running`, async (t) => {
    const aws = await testAws(t);
    aws.server.faults.add({ kind: 'refuse-delivery', times: 1, details });
    const done = await aws.run('true');
    t.like(done, { Status: status, StatusDetails: details, ResponseCode: -1 });
  });
}

test('fault lose-result – the script ends – InProgress until the command expires', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers });
  const { file, lines } = await journal(t);
  aws.server.faults.add({ kind: 'lose-result', times: 1 });
  const limits = { TimeoutSeconds: 30, Parameters: { executionTimeout: ['10'] } };
  const id = await aws.send(`echo ran >> ${file}`, limits);
  await eventually('it has run', async () => (await lines()).length === 1);
  timers.advance(39_999);
  t.is((await aws.invocation(id)).Status, 'InProgress');
  timers.advance(1);
  t.like(await aws.until(id, 'TimedOut'), { StatusDetails: 'DeliveryTimedOut', ResponseCode: -1 });
});

test('node offline – a command – is Delayed, and runs when the node comes back in time', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers, nodes: [{ ...node, online: false }] });
  const id = await aws.send('echo back', { TimeoutSeconds: 500 });
  t.is((await aws.invocation(id)).Status, 'Pending');
  await eventually('the command is on its way', () => timers.waiting > 2);
  timers.advance(2_000);
  await aws.until(id, 'Delayed');
  aws.server.setNode(node.id, 'online');
  t.like(await aws.until(id, 'Success'), { StandardOutputContent: 'back\n' });
});

test('node offline – past the delivery limit – DeliveryTimedOut, and not run when it comes back', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers, nodes: [{ ...node, online: false }] });
  const id = await aws.send('true', { TimeoutSeconds: 30 });
  timers.advance(30_000);
  await aws.until(id, 'TimedOut');
  aws.server.setNode(node.id, 'online');
  await aws.run('true');
  t.like(await aws.invocation(id), {
    StatusDetails: 'DeliveryTimedOut',
    ExecutionStartDateTime: '',
  });
});

test('node stopped – a command – is refused', async (t) => {
  const aws = await testAws(t);
  aws.server.setNode(node.id, 'stopped');
  await t.throwsAsync(aws.send('true'), {
    name: 'InvalidInstanceId',
    message: /not in a valid state/,
  });
});

test('consistency – right after SendCommand – the invocation does not exist for that time', async (t) => {
  const aws = await testAws(t, { consistencyMs: 60_000 });
  const id = await aws.send('true');
  await t.throwsAsync(aws.invocation(id), { name: 'InvocationDoesNotExist' });
  t.deepEqual((await aws.ssm.send(list)).Commands, []);
  aws.server.conditions.consistencyMs = 0;
  await t.notThrowsAsync(aws.invocation(id));
  t.is((await aws.ssm.send(list)).Commands?.length, 1);
});

test('consistency – an id that was never given – does not exist either', async (t) => {
  const { ssm } = await testAws(t);
  const CommandId = '00000000-0000-4000-8000-000000000000';
  const call = ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: node.id }));
  await t.throwsAsync(call, { name: 'InvocationDoesNotExist' });
});

test('clock skew – of an hour – the SDK sets its clock by the Date header', async (t) => {
  const aws = await testAws(t);
  aws.server.conditions.clockSkewMs = 3_600_000;
  await t.throwsAsync(aws.client().send(list), { name: 'InvalidSignatureException' });
  const answer = await aws.client({ maxAttempts: 3 }).send(list);
  t.is(answer.$metadata.attempts, 2);
});

test('rate – more calls of an action than allowed – are throttled, those of another are not', async (t) => {
  const aws = await testAws(t, { rate: { burst: 3, perSecond: 0.01 } });
  for (let n = 0; n < 3; n++) await aws.ssm.send(list);
  await t.throwsAsync(aws.ssm.send(list), {
    name: 'ThrottlingException',
    message: 'Rate exceeded',
  });
  await t.notThrowsAsync(aws.send('true'));
});

test('control – without its key – is refused and changes nothing', async (t) => {
  const aws = await testAws(t);
  for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${controlKey}`]) {
    const answer = await tell(aws, 'POST', 'faults', { kind: 'throttle' }, authorization);
    t.is(answer.status, 401);
  }
  t.deepEqual(aws.server.faults.pending(), []);
});

test('control – faults, conditions, nodes – are told, shown and cleared', async (t) => {
  const aws = await testAws(t);
  const added = await tell(aws, 'POST', 'faults', [
    { kind: 'throttle' },
    { kind: 'deliver-twice', times: 2 },
  ]);
  const expected = [
    { kind: 'throttle', times: 1 },
    { kind: 'deliver-twice', times: 2 },
  ];
  t.deepEqual(added, { status: 200, body: expected });
  t.deepEqual((await tell(aws, 'GET', 'faults')).body, expected);
  t.deepEqual((await tell(aws, 'DELETE', 'faults')).body, []);
  t.deepEqual((await tell(aws, 'PATCH', 'conditions', { consistencyMs: 9 })).body, {
    consistencyMs: 9,
    clockSkewMs: 0,
  });
  t.deepEqual((await tell(aws, 'PUT', `nodes/${node.id}`, { state: 'stopped' })).body, {
    id: node.id,
    state: 'stopped',
  });
  await t.throwsAsync(aws.send('true'), { name: 'InvalidInstanceId' });
});

const wrong: readonly [string, string, object | undefined, number, RegExp][] = [
  ['POST', 'faults', { kind: 'earthquake' }, 400, /earthquake.*expected one of throttle/],
  ['POST', 'faults', { kind: 'throttle', times: 0 }, 400, /times/],
  ['PATCH', 'conditions', { gravity: 2 }, 400, /gravity/],
  ['PUT', `nodes/${node.id}`, { state: 'asleep' }, 400, /asleep/],
  ['PUT', 'nodes/i-00000000', { state: 'online' }, 404, /no node i-00000000/],
  ['GET', 'secrets', undefined, 404, /no control GET/],
];

for (const [method, path, body, status, message] of wrong) {
  test(`control – ${method} ${path} ${JSON.stringify(body)} – is refused and told why`, async (t) => {
    const answer = await tell(await testAws(t), method, path, body);
    t.is(answer.status, status);
    t.regex((answer.body as { error: string }).error, message);
  });
}

async function tell(
  aws: TestAws,
  method: string,
  path: string,
  body?: object,
  authorization = `Bearer ${controlKey}`,
) {
  const response = await fetch(`${aws.endpoint}/_control/${path}`, {
    method,
    headers: { authorization },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: await response.json() };
}

/** A file to which scripts append, and its lines. */
async function journal(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'test-journal-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'journal');
  const lines = async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1);
  };
  return { file, lines };
}
