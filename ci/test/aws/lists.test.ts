import {
  type CommandFilter,
  DescribeInstanceInformationCommand,
  type DescribeInstanceInformationCommandInput,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  paginateListCommands,
} from '@aws-sdk/client-ssm';
import test from 'ava';
import { node, testAws } from './helpers/test-aws.ts';

const other = { ...node, id: 'i-0fedcba9876543210', online: false } as const;

test('commands – several – are listed newest first with their comments and states', async (t) => {
  const aws = await testAws(t);
  await aws.run('true', { Comment: 'first' });
  await aws.run('exit 1', { Comment: 'second' });
  const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({}));
  t.deepEqual(
    Commands.map(({ Comment, Status }) => [Comment, Status]),
    [
      ['second', 'Failed'],
      ['first', 'Success'],
    ],
  );
  t.like(Commands[0], {
    CompletedCount: 1,
    ErrorCount: 1,
    TargetCount: 1,
    DeliveryTimedOutCount: 0,
  });
  t.deepEqual(
    Commands[0]?.Parameters,
    { commands: ['exit 1'] },
    'parameters stay visible: no secret belongs there',
  );
});

test('commands – more than a page – come by tokens, each once', async (t) => {
  const aws = await testAws(t);
  const sent: string[] = [];
  for (let n = 0; n < 5; n++) sent.unshift(await aws.send('true'));
  const seen: (string | undefined)[] = [];
  for await (const page of paginateListCommands({ client: aws.ssm, pageSize: 2 }, {})) {
    t.true((page.Commands?.length ?? 0) <= 2);
    seen.push(...(page.Commands ?? []).map((command) => command.CommandId));
  }
  t.deepEqual(seen, sent);
});

const filters: readonly [string, CommandFilter, string[]][] = [
  ['by status', { key: 'Status', value: 'Failed' }, ['bad']],
  ['by stage', { key: 'ExecutionStage', value: 'Complete' }, ['bad', 'good']],
  ['by stage of the running', { key: 'ExecutionStage', value: 'Executing' }, ['long']],
  ['by document', { key: 'DocumentName', value: 'AWS-RunShellScript' }, ['long', 'bad', 'good']],
  ['by another document', { key: 'DocumentName', value: 'AWS-Other' }, []],
  ['by a time to come', { key: 'InvokedAfter', value: '2100-01-01T00:00:00Z' }, []],
  [
    'by a time gone',
    { key: 'InvokedAfter', value: '2020-01-01T00:00:00Z' },
    ['long', 'bad', 'good'],
  ],
  ['by before a time gone', { key: 'InvokedBefore', value: '2020-01-01T00:00:00Z' }, []],
];

for (const [what, filter, expected] of filters) {
  test(`commands – filtered ${what} – are those that match`, async (t) => {
    const aws = await testAws(t);
    await aws.run('true', { Comment: 'good' });
    await aws.run('false', { Comment: 'bad' });
    await aws.send('sleep 20', { Comment: 'long' });
    const { Commands = [] } = await aws.ssm.send(new ListCommandsCommand({ Filters: [filter] }));
    t.deepEqual(
      Commands.map((command) => command.Comment),
      expected,
    );
  });
}

const wrong: readonly [string, ListCommandsCommand, string][] = [
  [
    'an unknown filter',
    new ListCommandsCommand({ Filters: [{ key: 'Comment' as 'Status', value: 'x' }] }),
    'InvalidFilterKey',
  ],
  [
    'an unknown status',
    new ListCommandsCommand({ Filters: [{ key: 'Status', value: 'Fine' }] }),
    'InvalidFilterKey',
  ],
  [
    'a date that is none',
    new ListCommandsCommand({ Filters: [{ key: 'InvokedAfter', value: 'soon' }] }),
    'InvalidFilterKey',
  ],
  ['51 results', new ListCommandsCommand({ MaxResults: 51 }), 'ValidationException'],
  ['a made up token', new ListCommandsCommand({ NextToken: 'x' }), 'InvalidNextToken'],
  [
    'an unknown instance',
    new ListCommandsCommand({ InstanceId: 'i-00000000' }),
    'InvalidInstanceId',
  ],
  [
    'an unknown command',
    new ListCommandsCommand({ CommandId: '00000000-0000-4000-8000-000000000000' }),
    'InvalidCommandId',
  ],
];

for (const [what, command, code] of wrong) {
  test(`commands – ${what} – is refused as ${code}`, async (t) => {
    const { ssm } = await testAws(t);
    await t.throwsAsync(ssm.send(command), { name: code });
  });
}

test('invocations – of a command on two nodes – have a state each, the command that of what waits', async (t) => {
  const aws = await testAws(t, { nodes: [node, other] });
  const CommandId = await aws.send('true', {
    InstanceIds: [node.id, other.id],
    TimeoutSeconds: 500,
  });
  await aws.until(CommandId, 'Success');
  const found = await aws.ssm.send(new ListCommandInvocationsCommand({ CommandId }));
  const states = found.CommandInvocations?.map(({ InstanceId, Status }) => [InstanceId, Status]);
  t.deepEqual(states?.[0], [node.id, 'Success']);
  t.true(['Pending', 'Delayed'].includes(states?.[1]?.[1] ?? ''));
  t.deepEqual(found.CommandInvocations?.[0]?.CommandPlugins, [], 'no plugins without Details');
  const { Commands } = await aws.ssm.send(new ListCommandsCommand({ CommandId }));
  t.like(Commands?.[0], { Status: 'Pending', TargetCount: 2, CompletedCount: 1 });
});

test('invocations – by node and with details – show the plugin', async (t) => {
  const aws = await testAws(t, { nodes: [node, other] });
  const { CommandId } = await aws.run('exit 4');
  const input = { CommandId, InstanceId: node.id, Details: true };
  const found = await aws.ssm.send(new ListCommandInvocationsCommand(input));
  t.like(found.CommandInvocations?.[0]?.CommandPlugins?.[0], {
    Name: 'aws:runShellScript',
    Status: 'Failed',
    ResponseCode: 4,
  });
  const none = await aws.ssm.send(
    new ListCommandInvocationsCommand({ ...input, InstanceId: other.id }),
  );
  t.deepEqual(none.CommandInvocations, []);
});

test('invocations – of an unknown command – are none, without an error', async (t) => {
  const { ssm } = await testAws(t);
  const CommandId = '00000000-0000-4000-8000-000000000000';
  t.deepEqual(
    (await ssm.send(new ListCommandInvocationsCommand({ CommandId }))).CommandInvocations,
    [],
  );
});

test('invocation – of a plugin that the document does not have – is refused', async (t) => {
  const aws = await testAws(t);
  const { CommandId } = await aws.run('true');
  const input = { CommandId, InstanceId: node.id, PluginName: 'aws:runPowerShellScript' };
  await t.throwsAsync(aws.ssm.send(new GetCommandInvocationCommand(input)), {
    name: 'InvalidPluginName',
  });
});

test('invocation – ids of another form – are refused', async (t) => {
  const { ssm } = await testAws(t);
  const call = ssm.send(new GetCommandInvocationCommand({ CommandId: 'x', InstanceId: 'y' }));
  await t.throwsAsync(call, {
    name: 'ValidationException',
    message: /^2 validation errors.*commandId.*instanceId/,
  });
});

test('nodes – online and offline – are told with ping and agent', async (t) => {
  const aws = await testAws(t, { nodes: [node, other] });
  const began = Date.now();
  const { InstanceInformationList = [] } = await aws.ssm.send(
    new DescribeInstanceInformationCommand({}),
  );
  const states = InstanceInformationList.map(({ InstanceId, PingStatus }) => [
    InstanceId,
    PingStatus,
  ]);
  t.deepEqual(states, [
    [node.id, 'Online'],
    [other.id, 'ConnectionLost'],
  ]);
  t.regex(InstanceInformationList[0]?.AgentVersion ?? '', /^\d+\.\d+\.\d+\.\d+$/);
  t.true((InstanceInformationList[0]?.LastPingDateTime?.getTime() ?? 0) >= began);
  t.true((InstanceInformationList[1]?.LastPingDateTime?.getTime() ?? began) < began);
});

test('nodes – filtered – are those that match all', async (t) => {
  const aws = await testAws(t, { nodes: [node, other] });
  const ids = async (Filters: DescribeInstanceInformationCommandInput['Filters']) => {
    const found = await aws.ssm.send(new DescribeInstanceInformationCommand({ Filters }));
    return found.InstanceInformationList?.map((one) => one.InstanceId);
  };
  t.deepEqual(await ids([{ Key: 'InstanceIds', Values: [other.id] }]), [other.id]);
  t.deepEqual(await ids([{ Key: 'PingStatus', Values: ['Online'] }]), [node.id]);
  t.deepEqual(
    await ids([
      { Key: 'InstanceIds', Values: [other.id] },
      { Key: 'PingStatus', Values: ['Online'] },
    ]),
    [],
  );
  t.deepEqual(await ids([{ Key: 'PlatformTypes', Values: ['Windows'] }]), []);
});

const badFilters: readonly [string, DescribeInstanceInformationCommandInput, string][] = [
  [
    'an unknown key',
    { Filters: [{ Key: 'Colour', Values: ['red'] }] },
    'InvalidInstanceInformationFilterValue',
  ],
  [
    'no value',
    { Filters: [{ Key: 'PingStatus', Values: [] }] },
    'InvalidInstanceInformationFilterValue',
  ],
  ['four results', { MaxResults: 4 }, 'ValidationException'],
];

for (const [what, input, code] of badFilters) {
  test(`nodes – asked with ${what} – is refused as ${code}`, async (t) => {
    const { ssm } = await testAws(t);
    await t.throwsAsync(ssm.send(new DescribeInstanceInformationCommand(input)), { name: code });
  });
}
