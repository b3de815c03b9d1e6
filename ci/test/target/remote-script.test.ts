import { createHash, randomBytes } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import {
  parseAnswer,
  parseHeader,
  partScript,
  type RemoteCall,
  remoteScript,
} from '../../src/target/remote-script.ts';
import { addProgram, makeNode, runCalls, runScript, shells } from './shells.ts';

const call = (...argv: string[]): RemoteCall => ({ argv, timeoutSeconds: 20 });

const hostile = [
  "it's",
  '"double"',
  '$(touch pwned)',
  '`touch pwned`',
  '$HOME',
  'a\nb\n',
  '',
  ' ',
  '*',
  '~',
  '-n',
  '; exit 9',
  '& sleep 9 &',
  '\\',
  "'\\''",
  'jsonpath={range .items[*]}{.metadata.name}{"\\x1f"}{end}',
  'Ó Briain 🎻',
  '!history',
  '#comment',
  '<in >out',
];

for (const shell of shells) {
  const of = `remoteScript under ${shell.name}`;

  test(`${of} – several calls at once – each its output, error and exit code, in order`, async (t) => {
    const node = await makeNode(t, shell);
    const { outputs, commands } = await runCalls(node, [
      call('sh', '-c', 'sleep 0.3; echo late; echo woe >&2; exit 7'),
      call('printf', '%s', 'no newline'),
      call('sh', '-c', 'printf "a\\n\\n"'),
      call('no-such-program'),
    ]);
    t.is(commands, 1);
    t.deepEqual(outputs.slice(0, 3), [
      { exitCode: 7, stdout: 'late\n', stderr: 'woe\n' },
      { exitCode: 0, stdout: 'no newline', stderr: '' },
      { exitCode: 0, stdout: 'a\n\n', stderr: '' },
    ]);
    t.is(outputs[3]?.exitCode, 127);
    t.regex(outputs[3]?.stderr ?? '', /no-such-program/);
  });

  test(`${of} – calls that wait for one another – side by side`, async (t) => {
    const node = await makeNode(t, shell);
    // Each leaves a mark and ends once all eight marks are there: one after the other never would.
    const meet = '>"$0.$1"; until set -- "$0".*; test $# -eq 8; do sleep 0.1; done';
    const place = join(node.folder, 'meeting');
    const { outputs } = await runCalls(
      node,
      Array.from({ length: 8 }, (_, index) => call('sh', '-c', meet, place, String(index))),
    );
    t.deepEqual(
      outputs.map(({ exitCode }) => exitCode),
      Array(8).fill(0),
    );
  });

  test(`${of} – a call that leads – has ended before the others begin, and is told in its place`, async (t) => {
    const node = await makeNode(t, shell);
    const mark = join(node.folder, 'led');
    const { outputs } = await runCalls(node, [
      call('cat', mark),
      { ...call('sh', '-c', 'sleep 0.3; echo led >"$0"; echo led', mark), leads: true },
      call('cat', mark, join(node.folder, 'none')),
    ]);
    t.deepEqual(
      outputs.map(({ exitCode, stdout }) => [exitCode, stdout]),
      [
        [0, 'led\n'],
        [0, 'led\n'],
        [1, 'led\n'],
      ],
    );
  });

  test(`${of} – hostile arguments – arrive as they are, run nothing`, async (t) => {
    const node = await makeNode(t, shell);
    const { outputs } = await runCalls(node, [call('printf', '%s\\0', ...hostile)]);
    t.deepEqual(outputs[0]?.stdout.split('\0').slice(0, -1), hostile);
    t.false((await readdir(node.folder)).includes('pwned'));
    t.false((await readdir('.')).includes('pwned'));
  });

  test(`${of} – 100 kB of input with all that is awkward – arrives whole`, async (t) => {
    const node = await makeNode(t, shell);
    const awkward = '\'"`$(x)\\\n\t\r\x01\x7f%s Ó 🎻 \u2028';
    const input = `${awkward.repeat(3_000)}${randomBytes(20_000).toString('base64')}no newline`;
    t.true(Buffer.byteLength(input) > 100_000);
    const { outputs } = await runCalls(node, [
      { ...call('cat'), input },
      { ...call('wc', '-c'), input },
      { ...call('cat'), input: '' },
      call('cat'),
    ]);
    t.is(outputs[0]?.stdout, input);
    t.is(Number(outputs[1]?.stdout), Buffer.byteLength(input));
    t.deepEqual(
      outputs.slice(2).map((output) => output.stdout),
      ['', ''],
    );
  });

  test(`${of} – a call beyond its limit – killed, 137; the others are not held up`, async (t) => {
    const node = await makeNode(t, shell);
    const started = performance.now();
    const { outputs } = await runCalls(node, [
      { argv: ['sh', '-c', 'echo begun; exec sleep 30'], timeoutSeconds: 1 },
      call('printf', 'fine'),
    ]);
    t.true(performance.now() - started < 10_000);
    t.is(outputs[0]?.exitCode, 137);
    t.is(outputs[0]?.stdout, 'begun\n');
    t.deepEqual(outputs[1], { exitCode: 0, stdout: 'fine', stderr: '' });
  });

  test(`${of} – 5 MB of log with multi-byte text – arrives whole`, async (t) => {
    const node = await makeNode(t, shell);
    const line = `{"level":"error","message":"Ó Briain 🎻 ${'x'.repeat(60)}"}\n`;
    const log = line.repeat(Math.ceil(5_000_000 / Buffer.byteLength(line)));
    await writeFile(join(node.folder, 'log'), log);
    const { outputs } = await runCalls(node, [
      call('cat', join(node.folder, 'log')),
      call('sh', '-c', `cat ${node.folder}/log >&2; exit 3`),
    ]);
    t.true(outputs[0]?.stdout === log);
    t.true(outputs[1]?.stderr === log);
    t.is(outputs[1]?.exitCode, 3);
  });

  test(`${of} – 300 kB that cannot be packed – in parts, whole`, async (t) => {
    const node = await makeNode(t, shell);
    const log = randomBytes(225_000).toString('base64');
    await writeFile(join(node.folder, 'log'), log);
    const { outputs, commands } = await runCalls(node, [call('cat', join(node.folder, 'log'))]);
    t.true(outputs[0]?.stdout === log);
    t.true(commands >= 13, `${commands} commands`);
  });

  test(`${of} – an answer of one part – leaves nothing behind`, async (t) => {
    const node = await makeNode(t, shell);
    await runCalls(node, [call('printf', 'x'), { ...call('cat'), input: 'y' }]);
    t.deepEqual(await readdir(node.spool), []);
  });

  test(`${of} – an answer of several parts – waits an hour, and the next call removes it`, async (t) => {
    const node = await makeNode(t, shell);
    const id = crypto.randomUUID();
    await writeFile(join(node.folder, 'log'), randomBytes(40_000).toString('base64'));
    await runCalls(node, [call('cat', join(node.folder, 'log'))], id);
    t.deepEqual(await readdir(node.spool), [id]);
    await runCalls(node, [call('printf', 'x')]);
    t.deepEqual(await readdir(node.spool), [id]);
    const old = Date.now() / 1_000 - 2 * 3_600;
    await utimes(join(node.spool, id), old, old);
    await runCalls(node, [call('printf', 'x')]);
    t.deepEqual(await readdir(node.spool), []);
  });

  test(`${of} – the same command delivered twice at once – the same answer from both`, async (t) => {
    const node = await makeNode(t, shell);
    const id = crypto.randomUUID();
    const calls = [call('printf', 'same')];
    const both = await Promise.all([runCalls(node, calls, id), runCalls(node, calls, id)]);
    for (const { outputs } of both) t.is(outputs[0]?.stdout, 'same');
    t.deepEqual(await readdir(node.spool), []);
  });

  test(`${of} – many different commands at once – none reads another’s answer`, async (t) => {
    const node = await makeNode(t, shell);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => runCalls(node, [call('printf', `answer ${n}`)])),
    );
    t.deepEqual(
      answers.map(({ outputs }) => outputs[0]?.stdout),
      Array.from({ length: 6 }, (_, n) => `answer ${n}`),
    );
  });

  test(`${of} – no kubectl but a k3s – its kubectl, with the arguments as they are`, async (t) => {
    const node = await makeNode(t, shell);
    await addProgram(node, 'k3s', 'printf "%s|" "$@"');
    const { outputs } = await runCalls(node, [call('kubectl', 'get', 'pods', 'a b', "it's")]);
    t.is(outputs[0]?.stdout, "kubectl|get|pods|a b|it's|");
  });

  test(`${of} – kubectl and k3s – kubectl`, async (t) => {
    const node = await makeNode(t, shell);
    await addProgram(node, 'k3s', 'echo k3s');
    await addProgram(node, 'kubectl', 'echo kubectl');
    t.is((await runCalls(node, [call('kubectl')])).outputs[0]?.stdout, 'kubectl\n');
  });

  test(`${of} – neither kubectl nor k3s – 127, and says what is missing`, async (t) => {
    const node = await makeNode(t, shell);
    const { outputs } = await runCalls(node, [call('kubectl', 'version')]);
    t.is(outputs[0]?.exitCode, 127);
    t.regex(outputs[0]?.stderr ?? '', /k3s/);
  });

  test(`${of} – a part of an answer that is gone – prints nothing`, async (t) => {
    const node = await makeNode(t, shell);
    t.is((await runScript(node, partScript(crypto.randomUUID(), 20_000))).stdout, '');
  });
}

test('remoteScript – 5 MB that cannot be packed – arrives whole', async (t) => {
  t.timeout(120_000);
  const [dash] = shells;
  if (!dash) throw new Error('no shell');
  const node = await makeNode(t, dash);
  const log = randomBytes(3_750_000).toString('base64');
  await writeFile(join(node.folder, 'log'), log);
  const { outputs, commands } = await runCalls(node, [call('cat', join(node.folder, 'log'))]);
  t.true(outputs[0]?.stdout === log);
  t.log(`${commands} commands`);
});

test('remoteScript – what a node needs as root – the spool is for nobody else’s eyes', async (t) => {
  const [dash] = shells;
  if (!dash) throw new Error('no shell');
  const node = await makeNode(t, dash);
  await addProgram(node, 'stat', '/usr/bin/stat "$@"');
  const { outputs } = await runCalls(node, [call('stat', '-c', '%a', node.spool)]);
  t.is(outputs[0]?.stdout, '700\n');
});

const id = '11111111-2222-3333-4444-555555555555';
const broken = { instanceOf: PipelineError, message: /COMMAND_OUTPUT_BROKEN/ };

test('parseHeader – another call’s header, none, or something before it – refused', (t) => {
  const sum = '0'.repeat(64);
  t.is(parseHeader(id, `wtc ${id} 3 ${sum}\nabc`).part, 'abc');
  for (const printed of [
    `wtc ${id.replace('1', '2')} 3 ${sum}\nabc`,
    `motd\nwtc ${id} 3 ${sum}\nabc`,
    `wtc ${id} x ${sum}\nabc`,
    'sh: 1: Syntax error',
    '',
  ]) {
    t.throws(() => parseHeader(id, printed), broken);
  }
});

test('parseAnswer – a character changed, a part missing – refused, with the sizes', (t) => {
  const header = { length: 4, sha256: '0'.repeat(64), part: '' };
  t.throws(() => parseAnswer(header, 'abcd'), broken);
  t.throws(() => parseAnswer(header, 'ab'), { ...broken, message: /2 of 4 characters/ });
});

test('parseAnswer – an exit code that a full disk did not take – failed, never well', (t) => {
  const sizes = '3 0.out\n0 0.err\n3 1.out\n2 1.err\n8 total\n';
  const answer = gzipSync(`0 0\n1 \n\n${sizes}\noneTwono`).toString('base64');
  const sha256 = createHash('sha256').update(answer).digest('hex');
  t.deepEqual(parseAnswer({ length: answer.length, sha256, part: '' }, answer), [
    { exitCode: 0, stdout: 'one', stderr: '' },
    { exitCode: 1, stdout: 'Two', stderr: 'no' },
  ]);
});

test('remoteScript – its own size – small beside SSM’s limit of 64 KiB', (t) => {
  t.true(remoteScript(id, [call('kubectl', 'get', 'pods')]).length < 2_500);
});
