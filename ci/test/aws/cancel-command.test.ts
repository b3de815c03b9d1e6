import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelCommandCommand } from '@aws-sdk/client-ssm';
import test from 'ava';
import { eventually, isSleeping, node, testAws } from './helpers/test-aws.ts';

test('cancel – a running script – is Cancelling, then Cancelled, and its children are dead', async (t) => {
  const aws = await testAws(t, { deliveryMs: 150 });
  const marker = `33${process.pid}.25`;
  const CommandId = await aws.send(`trap 'echo trapped' EXIT; sleep ${marker} & sleep ${marker}`);
  await aws.until(CommandId, 'InProgress');
  await eventually('the sleeps run', () => isSleeping(marker));

  await aws.ssm.send(new CancelCommandCommand({ CommandId }));
  t.like(await aws.invocation(CommandId), {
    Status: 'Cancelling',
    StatusDetails: 'Cancelling',
    StandardOutputContent: '',
  });
  const done = await aws.until(CommandId, 'Cancelled');
  t.like(done, { StatusDetails: 'Cancelled', ResponseCode: 137, StandardOutputContent: '' });
  await eventually('the sleeps are gone', async () => !(await isSleeping(marker)));
});

test('cancel – a script that left the process group – lives on', async (t) => {
  const aws = await testAws(t);
  const marker = `36${process.pid}.25`;
  const file = join(aws.folder, 'pid');
  const CommandId = await aws.send(`setsid sleep ${marker} & echo $! > ${file}; sleep 30`);
  await eventually('the detached sleep runs', () => isSleeping(marker));
  const pid = Number(await readFile(file, 'utf8'));
  t.teardown(() => process.kill(pid));
  await aws.ssm.send(new CancelCommandCommand({ CommandId }));
  await aws.until(CommandId, 'Cancelled');
  t.true(await isSleeping(marker));
});

test('cancel – a command that waits for its node – is Cancelled at once and never runs', async (t) => {
  const aws = await testAws(t, { nodes: [{ ...node, online: false }] });
  const CommandId = await aws.send('true');
  await aws.ssm.send(new CancelCommandCommand({ CommandId }));
  t.like(await aws.invocation(CommandId), { Status: 'Cancelled', ResponseCode: -1 });
  aws.server.setNode(node.id, 'online');
  await aws.run('true');
  t.like(await aws.invocation(CommandId), { Status: 'Cancelled', ExecutionStartDateTime: '' });
});

test('cancel – a command that has ended – changes nothing', async (t) => {
  const aws = await testAws(t);
  const { CommandId } = await aws.run('true');
  await aws.ssm.send(new CancelCommandCommand({ CommandId }));
  t.is((await aws.invocation(CommandId ?? '')).Status, 'Success');
});

test('cancel – no guarantee – the script may end as if it had not been asked', async (t) => {
  const aws = await testAws(t);
  aws.server.faults.add({ kind: 'ignore-cancel', times: 1 });
  const CommandId = await aws.send('sleep 0.5; echo finished');
  await aws.until(CommandId, 'InProgress');
  await aws.ssm.send(new CancelCommandCommand({ CommandId }));
  t.is((await aws.invocation(CommandId)).Status, 'Cancelling');
  t.like(await aws.until(CommandId, 'Success'), { StandardOutputContent: 'finished\n' });
});

test('cancel – an unknown command – is refused', async (t) => {
  const { ssm } = await testAws(t);
  const CommandId = '00000000-0000-4000-8000-000000000000';
  await t.throwsAsync(ssm.send(new CancelCommandCommand({ CommandId })), {
    name: 'InvalidCommandId',
  });
});

test('cancel – another node than the command’s – is refused', async (t) => {
  const aws = await testAws(t);
  const { CommandId } = await aws.run('true');
  const InstanceIds = ['i-0fedcba9876543210'];
  const call = aws.ssm.send(new CancelCommandCommand({ CommandId, InstanceIds }));
  await t.throwsAsync(call, { name: 'InvalidInstanceId' });
});
