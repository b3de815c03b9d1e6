import { ListCommandsCommand, type SSMClient } from '@aws-sdk/client-ssm';
import test from 'ava';
import { post } from './helpers/post.ts';
import { testAws } from './helpers/test-aws.ts';

const ecrTarget = 'AmazonEC2ContainerRegistry_V20150921';
const list = new ListCommandsCommand({});

interface Changed {
  readonly body?: string;
  readonly target?: string;
}

/** Changes what the SDK sends before it signs it. */
function sending(client: SSMClient, { body, target }: Changed): SSMClient {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string>; body: string };
      if (target) request.headers['x-amz-target'] = target;
      if (body) {
        request.body = body;
        request.headers['content-length'] = String(Buffer.byteLength(body));
      }
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  return client;
}

const wrong: readonly [string, Changed, string][] = [
  ['an unknown action', { target: 'AmazonSSM.DeleteEverything' }, 'UnknownOperationException'],
  ['an unknown service', { target: 'AmazonSQS.SendMessage' }, 'UnknownOperationException'],
  [
    'another service than it was signed for',
    { target: `${ecrTarget}.GetAuthorizationToken` },
    'InvalidSignatureException',
  ],
  ['a body that is no JSON', { body: '{"MaxResults":' }, 'SerializationException'],
  ['a body that is no object', { body: '[]' }, 'SerializationException'],
  ['a text for a number', { body: '{"MaxResults":"9"}' }, 'SerializationException'],
  ['a number for a text', { body: '{"CommandId":9}' }, 'SerializationException'],
  [
    'two mebibytes',
    { body: JSON.stringify({ NextToken: 'x'.repeat(2 ** 21) }) },
    'RequestEntityTooLargeException',
  ],
];

for (const [what, changed, code] of wrong) {
  test(`call – ${what} – is refused as ${code}`, async (t) => {
    const aws = await testAws(t, { ecr: { registry: 'http://127.0.0.1:1' } });
    await t.throwsAsync(sending(aws.client(), changed).send(list), { name: code });
    await t.notThrowsAsync(aws.ssm.send(list), 'the server lives on');
  });
}

test('log of calls – a refused and an accepted call – has both and no secret', async (t) => {
  const aws = await testAws(t);
  await aws.send('echo secret-of-the-script', { Comment: 'release 7' });
  await post(aws.endpoint, { 'x-amz-target': 'AmazonSSM.SendCommand' }, '{}');
  t.like(aws.calls[0], {
    action: 'SendCommand',
    status: 200,
    error: null,
    accessKeyId: aws.credentials.accessKeyId,
  });
  t.regex(aws.calls[0]?.commandId ?? '', /^[0-9a-f-]{36}$/);
  t.like(aws.calls[1], {
    action: 'unknown',
    status: 400,
    error: 'MissingAuthenticationTokenException',
  });
  const text = JSON.stringify(aws.calls);
  t.false(text.includes('secret-of-the-script'));
  t.false(text.includes(aws.credentials.secretAccessKey));
});
