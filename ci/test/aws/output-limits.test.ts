import { ListCommandInvocationsCommand } from '@aws-sdk/client-ssm';
import test from 'ava';
import type { OutputLimit } from '../../../local/aws/ssm/output.ts';
import { testAws } from './helpers/test-aws.ts';

const print = (character: string, count: number, more = '') =>
  `${process.execPath} -e 'process.std${more || 'out'}.write("${character}".repeat(${count}))'`;

const cut = async (t: Parameters<typeof testAws>[0], script: string, outputLimit: OutputLimit) => {
  const aws = await testAws(t, { outputLimit });
  const done = await aws.run(script);
  return { out: done.StandardOutputContent ?? '', err: done.StandardErrorContent ?? '' };
};

test('output – 23,999 bytes – is whole', async (t) => {
  const { out } = await cut(t, print('x', 23_999), 'agent');
  t.is(out, 'x'.repeat(23_999));
});

test('output – 24,000 bytes – ends with the agent’s marker', async (t) => {
  const { out } = await cut(t, print('x', 24_000), 'agent');
  t.is(out, `${'x'.repeat(23_980)}--output truncated--`);
});

test('output – 24,000 characters of two bytes – the agent keeps 11,990 of them', async (t) => {
  const { out } = await cut(t, print('é', 24_000), 'agent');
  t.is(out, `${'é'.repeat(11_990)}--output truncated--`);
});

test('output – characters of three bytes – the agent cuts one in two', async (t) => {
  const { out } = await cut(t, print('€', 10_000), 'agent');
  t.is(out, `${'€'.repeat(7_993)}\ufffd--output truncated--`);
});

test('output – documented limit, 24,000 characters of two bytes – is whole', async (t) => {
  const { out } = await cut(t, print('é', 24_000), 'documented');
  t.is(out, 'é'.repeat(24_000));
});

test('output – documented limit, 24,001 characters of four bytes – keeps the first 24,000', async (t) => {
  const { out } = await cut(t, print('🎻', 24_001), 'documented');
  t.is(out, '🎻'.repeat(24_000));
});

test('error output – more than 8,000 – is cut at 8,000 while output is not', async (t) => {
  const script = `${print('o', 9_000)}; ${print('e', 9_000, 'err')}`;
  const { out, err } = await cut(t, script, 'agent');
  t.is(out.length, 9_000);
  t.is(err, `${'e'.repeat(7_980)}--output truncated--`);
});

test('error output – documented limit – keeps the first 8,000 characters', async (t) => {
  const { err } = await cut(t, print('ß', 8_001, 'err'), 'documented');
  t.is(err, 'ß'.repeat(8_000));
});

test('output – 3 MB – is kept on the node in full', async (t) => {
  const aws = await testAws(t);
  const done = await aws.run(print('x', 3_000_000));
  t.is(done.StandardOutputContent?.length, 24_000);
  const counted = await aws.run(`cat ${aws.folder}/*/${done.CommandId}/*/*/stdout | wc -c`);
  t.is(counted.StandardOutputContent?.trim(), '3000000');
});

const listed: readonly [string, string, RegExp, number][] = [
  ['short output', 'echo out; echo err >&2', /^out\n\n----------ERROR-------\nerr\n$/, 32],
  ['long output', print('o', 5_000), /^o+\n---Output truncated---$/, 2_500],
  [
    'long error output',
    print('e', 5_000, 'err'),
    /^\n-+ERROR-+\ne+\n---Error truncated----$/,
    2_500,
  ],
  [
    'both long',
    `${print('o', 5_000)}; ${print('e', 5_000, 'err')}`,
    /^o+\n---Output truncated---\n-+ERROR-+\ne+\n---Error truncated----$/,
    2_500,
  ],
];

for (const [what, script, form, length] of listed) {
  test(`list of invocations with details – ${what} – shows both in 2,500`, async (t) => {
    const aws = await testAws(t);
    const { CommandId } = await aws.run(script);
    const found = await aws.ssm.send(
      new ListCommandInvocationsCommand({ CommandId, Details: true }),
    );
    const output = found.CommandInvocations?.[0]?.CommandPlugins?.[0]?.Output ?? '';
    t.regex(output, form);
    t.is(output.length, length);
  });
}
