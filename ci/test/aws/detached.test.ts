import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import test, { type ExecutionContext } from 'ava';
import { type Aws, startAws, stopAws } from '../../../local/aws/index.ts';
import { processStartTime, runningServer } from '../../../local/processes.ts';
import { type Instance, instance } from '../../../local/state.ts';
import { eventually, isSleeping, node } from './helpers/test-aws.ts';

async function testInstance(t: ExecutionContext): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), 'test-aws-detached-'));
  const made = instance('aws-test', { XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder });
  t.teardown(async () => {
    await stopAws(made);
    await rm(folder, { recursive: true, force: true });
  });
  return made;
}

function client(t: ExecutionContext, aws: Aws): SSMClient {
  const { endpoint, region, credentials } = aws;
  const made = new SSMClient({ endpoint, region, credentials });
  t.teardown(() => made.destroy());
  return made;
}

async function send(ssm: SSMClient, script: string): Promise<string> {
  const Parameters = { commands: [script] };
  const input = { DocumentName: 'AWS-RunShellScript', InstanceIds: [node.id], Parameters };
  return (await ssm.send(new SendCommandCommand(input))).Command?.CommandId ?? '';
}

test('AWS as a process – started – runs a command, and its keys are its owner’s alone', async (t) => {
  const at = await testInstance(t);
  const aws = await startAws(at, { node });
  t.regex(aws.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
  const ssm = client(t, aws);
  const CommandId = await send(ssm, 'echo from the process');
  let output = '';
  await eventually('it has run', async () => {
    const call = ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: node.id }));
    output = (await call.catch(() => undefined))?.StandardOutputContent ?? '';
    return output !== '';
  });
  t.is(output, 'from the process\n');

  const pid = (await runningServer(at, 'aws'))?.pid ?? 0;
  for (const place of ['cmdline', 'environ']) {
    const text = await readFile(`/proc/${pid}/${place}`, 'utf8');
    t.false(text.includes(aws.credentials.secretAccessKey), place);
    t.false(text.includes(aws.controlKey), place);
  }
  const folder = join(at.stateFolder, 'aws');
  for (const file of ['server.json', 'ready.json']) {
    t.is((await stat(join(folder, file))).mode & 0o777, 0o600, file);
  }
  const log = await readFile(aws.callLog, 'utf8');
  t.like(JSON.parse(log.split('\n')[0] ?? ''), {
    action: 'SendCommand',
    status: 200,
    commandId: CommandId,
  });
  t.false(log.includes('from the process'));
});

test('AWS as a process – started again – is the same one, until its options change', async (t) => {
  const at = await testInstance(t);
  const first = await startAws(at, { node });
  t.deepEqual(await startAws(at, { node }), first);
  const other = await startAws(at, { node: { ...node, env: { KUBECONFIG: '/k' } } });
  t.not(other.credentials.accessKeyId, first.credentials.accessKeyId);
  t.not(other.controlKey, first.controlKey);
  await t.throwsAsync(fetch(first.endpoint));
});

test('AWS as a process – killed with a script running – the next start ends that script', async (t) => {
  const at = await testInstance(t);
  const marker = `34${process.pid}.25`;
  await send(client(t, await startAws(at, { node })), `sleep ${marker}`);
  await eventually('the script runs', () => isSleeping(marker));
  process.kill((await runningServer(at, 'aws'))?.pid ?? 0, 'SIGKILL');
  await eventually('the server is gone', async () => !(await runningServer(at, 'aws')));
  t.true(await isSleeping(marker), 'a killed server leaves its scripts');

  const ssm = client(t, await startAws(at, { node }));
  await eventually('the script is gone', async () => !(await isSleeping(marker)));
  const CommandId = '00000000-0000-4000-8000-000000000000';
  await t.throwsAsync(ssm.send(new CancelCommandCommand({ CommandId })), {
    name: 'InvalidCommandId',
  });
});

test('AWS as a process – stopped – leaves no process and no key', async (t) => {
  const at = await testInstance(t);
  const marker = `35${process.pid}.25`;
  const aws = await startAws(at, { node });
  await send(client(t, aws), `setsid sleep ${marker} & sleep ${marker}; echo never`);
  await eventually('the script runs', () => isSleeping(marker));
  const pid = (await runningServer(at, 'aws'))?.pid ?? 0;
  await stopAws(at);
  t.is(await processStartTime(pid), undefined);
  t.false(await isSleeping(marker));
  t.deepEqual((await readdir(at.stateFolder)).sort(), ['log', 'processes']);
  t.deepEqual(await readdir(join(at.stateFolder, 'processes')), []);
  await t.notThrowsAsync(stopAws(at), 'a second stop has nothing to do');
});

test('AWS as a process – a node id of another form – does not start and says why', async (t) => {
  const at = await testInstance(t);
  const start = startAws(at, { node: { ...node, id: 'laptop' } });
  await t.throwsAsync(start, {
    name: 'AwsNotStarted',
    message: /expected i- and 8 or 17.*got "laptop"/,
  });
});
