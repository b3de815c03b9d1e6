import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ManualTimers } from './helpers/manual-timers.ts';
import { eventually, isSleeping, node, testAws } from './helpers/test-aws.ts';

test('script – exits with 0 – is a success with its output', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run(['echo out', 'echo err >&2']);
  t.like(done, {
    Status: 'Success',
    StatusDetails: 'Success',
    ResponseCode: 0,
    PluginName: 'aws:runShellScript',
    StandardOutputContent: 'out\n',
    StandardErrorContent: 'err\n',
  });
  t.regex(done.ExecutionElapsedTime ?? '', /^PT[\d.]+S$/);
  t.true(
    Date.parse(done.ExecutionEndDateTime ?? '') >= Date.parse(done.ExecutionStartDateTime ?? ''),
  );
});

test('script – exits with 3 – has failed with the agent’s complaint', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run(['echo no >&2', 'exit 3']);
  t.like(done, { Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 3 });
  t.is(done.StandardErrorContent, 'no\nfailed to run commands: exit status 3');
});

test('script – a line fails before the last – is a success, as sh has no -e', async (t) => {
  const aws = await testAws(t);
  t.like(await aws.run(['false', 'true']), { Status: 'Success', ResponseCode: 0 });
});

test('script – exits with 168 – is a success that says 168', async (t) => {
  const aws = await testAws(t);
  t.like(await aws.run('exit 168'), {
    Status: 'Success',
    ResponseCode: 168,
    StandardErrorContent: '',
  });
});

test('script – exits with 194, a reboot – fails on this node and says why', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run('exit 194');
  t.like(done, { Status: 'Failed', ResponseCode: 194 });
  t.regex(done.StandardErrorContent ?? '', /does not reboot/);
});

test('script – exits with 137 by itself – is taken for a time-out, as by the agent', async (t) => {
  const aws = await testAws(t);
  t.like(await aws.run('exit 137'), {
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
  });
});

test('script – kills itself – is taken for a time-out: sh makes 137 of it', async (t) => {
  const aws = await testAws(t);
  t.like(await aws.run('kill -KILL $$'), { Status: 'TimedOut', ResponseCode: 137 });
});

test('script – ends its whole process group – has failed with -1', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run('kill -TERM 0; sleep 5');
  t.like(done, { Status: 'Failed', ResponseCode: -1 });
  t.regex(done.StandardErrorContent ?? '', /failed to run commands: signal: terminated$/);
});

test('script – without #! – runs in dash, which has no arrays', async (t) => {
  const aws = await testAws(t);
  t.like(await aws.run('a=(1 2); echo ok'), { Status: 'Failed', StandardOutputContent: '' });
});

test('script – with #! of bash – runs in bash', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run(['#!/usr/bin/env bash', 'a=(2); echo "$a" "$BASH_VERSINFO"']);
  t.regex(done.StandardOutputContent ?? '', /^2 \d+\n$/);
});

test('script – environment – is the agent’s and nothing of this process', async (t) => {
  process.env.CANARY_OF_A_TEST = 'leaked';
  const aws = await testAws(t, { nodes: [{ ...node, env: { KUBECONFIG: '/k' } }] });
  const done = await aws.run('/usr/bin/env; pwd');
  const out = done.StandardOutputContent ?? '';
  t.false(out.includes('CANARY_OF_A_TEST'));
  t.true(out.includes(`SSM_COMMAND_ID=${done.CommandId}\n`));
  for (const line of [
    `AWS_SSM_INSTANCE_ID=${node.id}`,
    'HOME=/root',
    'KUBECONFIG=/k',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  ]) {
    t.true(out.includes(`${line}\n`), line);
  }
  t.true(out.endsWith('/usr/bin\n'));
});

test('script – workingDirectory – is where it runs', async (t) => {
  const aws = await testAws(t);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'test-cwd-')));
  t.teardown(() => rm(folder, { recursive: true }));
  const done = await aws.run('pwd', { Parameters: { workingDirectory: [folder] } });
  t.is(done.StandardOutputContent, `${folder}\n`);
});

test('script – workingDirectory that is not there – has failed and names it', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run('pwd', { Parameters: { workingDirectory: ['/no/such'] } });
  t.like(done, { Status: 'Failed', ResponseCode: 1 });
  t.is(
    done.StandardErrorContent,
    'failed to run commands: chdir /no/such: no such file or directory',
  );
});

test('script – node with a way in – runs behind it', async (t) => {
  const enter = ['/usr/bin/env', 'ENTERED=yes'];
  const aws = await testAws(t, { nodes: [{ ...node, enter }] });
  t.is((await aws.run('echo "$ENTERED"')).StandardOutputContent, 'yes\n');
});

test('script – a shell that is not there – has failed and says so', async (t) => {
  const aws = await testAws(t, { shell: '/no/such/shell' });
  const done = await aws.run('true');
  t.like(done, { Status: 'Failed', ResponseCode: 1 });
  t.regex(done.StandardErrorContent ?? '', /ENOENT/);
});

test('invocation – while the script runs – is in progress with no output and code -1', async (t) => {
  const aws = await testAws(t);
  const id = await aws.send('echo early; /usr/bin/sleep 30');
  const running = await aws.until(id, 'InProgress');
  t.like(running, {
    StatusDetails: 'InProgress',
    ResponseCode: -1,
    StandardOutputContent: '',
    StandardErrorContent: '',
  });
  t.is(running.ExecutionEndDateTime, '');
  t.not(running.ExecutionStartDateTime, '');
});

test('script – longer than its run limit – is killed with its children', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers });
  const marker = `31${process.pid}.25`;
  const id = await aws.send(`echo begun; sleep ${marker} & sleep ${marker}`, {
    Parameters: { executionTimeout: ['10'] },
  });
  await eventually('the sleeps run', () => isSleeping(marker));
  timers.advance(9_999);
  t.is((await aws.invocation(id)).Status, 'InProgress');
  timers.advance(1);
  t.like(await aws.until(id, 'TimedOut'), {
    Status: 'TimedOut',
    StatusDetails: 'ExecutionTimedOut',
    ResponseCode: 137,
    StandardOutputContent: '',
  });
  await eventually('no sleep is left', async () => !(await isSleeping(marker)));
});

test('script – leaves a child that holds its output – has not ended before the child', async (t) => {
  const aws = await testAws(t);
  const id = await aws.send('sleep 1 & echo done');
  const began = Date.now();
  t.like(await aws.until(id, 'Success'), { StandardOutputContent: 'done\n' });
  t.true(Date.now() - began > 800);
});

test('script – removes its own output – has failed and says so, and the agent goes on', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run(`rm -rf ${aws.folder}/${node.id}`);
  t.like(done, { Status: 'Failed', ResponseCode: 0 });
  t.regex(done.StandardErrorContent ?? '', /failed to read the output.*ENOENT/);
  t.is((await aws.run('true')).Status, 'Success');
});

test('node – six commands at once – runs five, the sixth waits for a place', async (t) => {
  const aws = await testAws(t);
  const folder = await mkdtemp(join(tmpdir(), 'test-slots-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const wait = (n: number) => `until [ -e ${folder}/${n} ]; do sleep 0.02; done`;
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await aws.send(wait(n)));
  for (const id of ids.slice(0, 5)) await aws.until(id, 'InProgress');
  t.like(await aws.invocation(ids[5] ?? ''), { Status: 'Pending', ExecutionStartDateTime: '' });

  await writeFile(join(folder, '2'), '');
  await aws.until(ids[2] ?? '', 'Success');
  await aws.until(ids[5] ?? '', 'InProgress');
  for (const id of [ids[0], ids[1], ids[3], ids[4]]) {
    t.is((await aws.invocation(id ?? '')).Status, 'InProgress');
  }
});

test('node – all places taken past the delivery limit – the waiting command does not run', async (t) => {
  const timers = new ManualTimers();
  const aws = await testAws(t, { timers });
  const held: string[] = [];
  for (let n = 0; n < 5; n++) held.push(await aws.send('sleep 20'));
  for (const id of held) await aws.until(id, 'InProgress');
  const waiting = await aws.send('true', { TimeoutSeconds: 30 });
  timers.advance(30_000);
  t.like(await aws.until(waiting, 'TimedOut'), {
    StatusDetails: 'DeliveryTimedOut',
    ResponseCode: -1,
    ExecutionStartDateTime: '',
  });
  for (const id of held) t.is((await aws.invocation(id)).Status, 'InProgress');
});

test('server – closed – kills what still runs', async (t) => {
  const aws = await testAws(t);
  const marker = `32${process.pid}.25`;
  const id = await aws.send(`sleep ${marker}`);
  await aws.until(id, 'InProgress');
  await eventually('the sleep runs', () => isSleeping(marker));
  await aws.server.close();
  await eventually('the sleep is gone', async () => !(await isSleeping(marker)));
  t.pass();
});
