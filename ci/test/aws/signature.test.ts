import { ListCommandsCommand } from '@aws-sdk/client-ssm';
import test from 'ava';
import { makeCredentials } from '../../../local/aws/credentials.ts';
import { post } from './helpers/post.ts';
import { region, testAws } from './helpers/test-aws.ts';

const list = new ListCommandsCommand({});

test('signature – right key – is accepted', async (t) => {
  const { ssm } = await testAws(t);
  const answer = await ssm.send(list);
  t.regex(answer.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
});

test('signature – wrong secret – is refused without naming it', async (t) => {
  const aws = await testAws(t);
  const credentials = { ...aws.credentials, secretAccessKey: 'A'.repeat(40) };
  const error = await t.throwsAsync(aws.client({ credentials }).send(list), {
    name: 'InvalidSignatureException',
    message: /does not match the signature you provided/,
  });
  t.false(error?.message.includes(aws.credentials.secretAccessKey));
});

test('signature – unknown key – is refused', async (t) => {
  const aws = await testAws(t);
  const call = aws.client({ credentials: makeCredentials() }).send(list);
  await t.throwsAsync(call, { name: 'UnrecognizedClientException' });
});

const clocks: readonly [string, number, RegExp][] = [
  ['six minutes late', -6, /^Signature expired: \d{8}T\d{6}Z is now earlier than/],
  ['six minutes early', 6, /^Signature not yet current/],
];

for (const [what, minutes, message] of clocks) {
  test(`signature – ${what} – is refused`, async (t) => {
    const aws = await testAws(t);
    const client = aws.client({ systemClockOffset: minutes * 60_000 });
    await t.throwsAsync(client.send(list), { name: 'InvalidSignatureException', message });
  });
}

test('signature – four minutes late – is accepted', async (t) => {
  const aws = await testAws(t);
  await t.notThrowsAsync(aws.client({ systemClockOffset: -240_000 }).send(list));
});

test('signature – for another region – is refused', async (t) => {
  const aws = await testAws(t);
  const call = aws.client({ region: 'us-east-1' }).send(list);
  await t.throwsAsync(call, { name: 'InvalidSignatureException', message: /us-east-1/ });
});

const temporary = { ...makeCredentials(), sessionToken: 'token of a role' };

test('session token – the right one – is accepted', async (t) => {
  const { ssm } = await testAws(t, { credentials: [temporary] });
  await t.notThrowsAsync(ssm.send(list));
});

const tokens: readonly [string, string | undefined][] = [
  ['a wrong one', 'token of another'],
  ['none', undefined],
];

for (const [what, sessionToken] of tokens) {
  test(`session token – ${what} – is refused`, async (t) => {
    const aws = await testAws(t, { credentials: [temporary] });
    const { accessKeyId, secretAccessKey } = temporary;
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
    const call = aws.client({ credentials }).send(list);
    await t.throwsAsync(call, { name: 'UnrecognizedClientException' });
  });
}

test('session token – an expired one – is refused as expired', async (t) => {
  const { ssm } = await testAws(t, { credentials: [{ ...temporary, expiresAt: Date.now() - 1 }] });
  await t.throwsAsync(ssm.send(list), { name: 'ExpiredTokenException' });
});

const target = {
  'x-amz-target': 'AmazonSSM.SendCommand',
  'content-type': 'application/x-amz-json-1.1',
};
const date = `${new Date(Date.now() + 60_000).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;

const unsigned: readonly [string, Record<string, string>, string][] = [
  ['nothing', {}, 'MissingAuthenticationTokenException'],
  ['a bearer token', { authorization: 'Bearer x' }, 'IncompleteSignatureException'],
  [
    'no signature',
    { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e' },
    'IncompleteSignatureException',
  ],
  [
    'half a scope',
    { authorization: 'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0' },
    'IncompleteSignatureException',
  ],
];

for (const [what, headers, code] of unsigned) {
  test(`authorization – ${what} – is refused as ${code}`, async (t) => {
    const { endpoint } = await testAws(t);
    const answer = await post(endpoint, { ...target, ...headers }, '{}');
    t.is(answer.status, 400);
    t.is(answer.body.__type, code);
    t.is(answer.errorType, code);
  });
}

test('authorization – no date – is refused', async (t) => {
  const { endpoint, credentials } = await testAws(t);
  const scope = `${credentials.accessKeyId}/20260101/${region}/ssm/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const answer = await post(endpoint, { ...target, authorization }, '{}');
  t.is(answer.body.__type, 'IncompleteSignatureException');
});

/** A request signed by the SDK, caught on its way, so that it can be sent changed. */
async function signedRequest(aws: Awaited<ReturnType<typeof testAws>>) {
  let caught: { headers: Record<string, string>; body: string } | undefined;
  const client = aws.client();
  client.middlewareStack.add(
    (next) => async (args) => {
      const { headers, body } = args.request as { headers: Record<string, string>; body: string };
      caught = { headers: { ...headers }, body };
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(list);
  if (!caught) throw new Error('the SDK sent nothing');
  return caught;
}

test('signed request – sent again as it was – is accepted', async (t) => {
  const aws = await testAws(t);
  const { headers, body } = await signedRequest(aws);
  t.is((await post(aws.endpoint, headers, body)).status, 200);
});

const changes: readonly [
  string,
  (headers: Record<string, string>) => Record<string, string>,
  string,
  string,
][] = [
  ['its body', (headers) => ({ ...headers }), '[]', '/'],
  ['its action', (headers) => ({ ...headers, 'x-amz-target': 'AmazonSSM.CancelCommand' }), '', '/'],
  ['its path', (headers) => ({ ...headers }), '', '/other'],
  ['its query', (headers) => ({ ...headers }), '', '/?x=1'],
  ['its date', (headers) => ({ ...headers, 'x-amz-date': date }), '', '/'],
  ['its token', (headers) => ({ ...headers, 'x-amz-security-token': 'x' }), '', '/'],
  [
    'body and hash',
    (headers) => ({
      ...headers,
      'x-amz-content-sha256': '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    }),
    '[]',
    '/',
  ],
];

for (const [what, change, changedBody, path] of changes) {
  test(`signed request – ${what} changed on the way – is refused`, async (t) => {
    const aws = await testAws(t);
    const { headers, body } = await signedRequest(aws);
    const changed = change(headers);
    if (changedBody) changed['content-length'] = String(changedBody.length);
    const answer = await post(aws.endpoint + path, changed, changedBody || body);
    t.is(answer.status, 400);
    t.regex(answer.body.__type, /^(InvalidSignature|IncompleteSignature)Exception$/);
  });
}
