import { SendCommandCommand, type SendCommandCommandInput } from '@aws-sdk/client-ssm';
import test from 'ava';
import { node, testAws } from './helpers/test-aws.ts';

const commands = ['true'];

const refused: readonly [string, Partial<SendCommandCommandInput>, string, RegExp][] = [
  [
    'a delivery limit of 29 s',
    { TimeoutSeconds: 29 },
    'ValidationException',
    /'timeoutSeconds'.*equal to 30/,
  ],
  [
    'a delivery limit above 30 days',
    { TimeoutSeconds: 2_592_001 },
    'ValidationException',
    /2592000/,
  ],
  [
    'a comment of 101 characters',
    { Comment: 'x'.repeat(101) },
    'ValidationException',
    /'comment'.*100/,
  ],
  [
    '51 instances',
    { InstanceIds: Array(51).fill(node.id) },
    'ValidationException',
    /'instanceIds'.*50/,
  ],
  ['concurrency of nothing', { MaxConcurrency: '0' }, 'ValidationException', /'maxConcurrency'/],
  [
    'an unknown document',
    { DocumentName: 'AWS-RunPowerShellScript' },
    'InvalidDocument',
    /AWS-RunPower/,
  ],
  ['an unknown version', { DocumentVersion: '7' }, 'InvalidDocumentVersion', /7/],
  [
    'an unknown instance',
    { InstanceIds: ['i-0fedcba9876543210'] },
    'InvalidInstanceId',
    /\[\[i-0fed/,
  ],
  [
    'an instance twice',
    { InstanceIds: [node.id, node.id] },
    'DuplicateInstanceId',
    /more than one/,
  ],
  ['no instance', { InstanceIds: [] }, 'InvalidInstanceId', /must be given/],
  [
    'instances and targets',
    { Targets: [{ Key: 'InstanceIds', Values: [node.id] }] },
    'InvalidTarget',
    /together/,
  ],
  [
    'a target by tag',
    { InstanceIds: [], Targets: [{ Key: 'tag:x', Values: ['y'] }] },
    'InvalidTarget',
    /tag:x/,
  ],
  ['no commands', { Parameters: {} }, 'InvalidParameters', /commands/],
  [
    'an unknown parameter',
    { Parameters: { commands, shell: ['bash'] } },
    'InvalidParameters',
    /shell/,
  ],
  [
    'a run limit of 0',
    { Parameters: { commands, executionTimeout: ['0'] } },
    'InvalidParameters',
    /pattern/,
  ],
  [
    'a run limit of 172,801 s',
    { Parameters: { commands, executionTimeout: ['172801'] } },
    'InvalidParameters',
    /172801/,
  ],
  [
    'two run limits',
    { Parameters: { commands, executionTimeout: ['5', '6'] } },
    'InvalidParameters',
    /one value/,
  ],
  [
    'a stored parameter',
    { Parameters: { commands: ['echo {{ssm:key}}'] } },
    'InvalidParameters',
    /Parameter Store/,
  ],
  [
    '64 KiB of script',
    { Parameters: { commands: ['x'.repeat(65_536)] } },
    'MaxDocumentSizeExceeded',
    /64 KB/,
  ],
];

for (const [what, change, code, message] of refused) {
  test(`SendCommand – ${what} – is refused as ${code}`, async (t) => {
    const { ssm } = await testAws(t);
    const input = {
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [node.id],
      Parameters: { commands },
    };
    const call = ssm.send(new SendCommandCommand({ ...input, ...change }));
    const error = await t.throwsAsync(call, { name: code });
    t.regex(error?.message ?? '', message);
  });
}

test('SendCommand – several mistakes – are told together', async (t) => {
  const aws = await testAws(t);
  const call = aws.send('true', { TimeoutSeconds: 1, Comment: 'x'.repeat(101) });
  await t.throwsAsync(call, {
    message: /^2 validation errors detected: .*timeoutSeconds.*comment/,
  });
});

test('SendCommand – a good call – answers the pending command with its limits', async (t) => {
  const { ssm } = await testAws(t);
  const before = Date.now();
  const { Command } = await ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      Targets: [{ Key: 'InstanceIds', Values: [node.id] }],
      TimeoutSeconds: 60,
      Comment: 'release 42',
      Parameters: { commands, executionTimeout: ['120'] },
    }),
  );
  t.regex(Command?.CommandId ?? '', /^[0-9a-f-]{36}$/);
  t.like(Command, { Status: 'Pending', Comment: 'release 42', TimeoutSeconds: 60, TargetCount: 1 });
  const life = (Command?.ExpiresAfter?.getTime() ?? 0) - before;
  t.true(life >= 180_000 && life < 190_000, `delivery and run limit together, got ${life}`);
});

test('SendCommand – a run limit of 4 s, below the agent’s least – counts as 3,600 s', async (t) => {
  const { ssm } = await testAws(t);
  const input = { DocumentName: 'AWS-RunShellScript', InstanceIds: [node.id], TimeoutSeconds: 30 };
  const Parameters = { commands, executionTimeout: ['4'] };
  const { Command } = await ssm.send(new SendCommandCommand({ ...input, Parameters }));
  const life =
    (Command?.ExpiresAfter?.getTime() ?? 0) - (Command?.RequestedDateTime?.getTime() ?? 0);
  t.is(life, 3_630_000);
});
