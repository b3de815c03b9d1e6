import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type GuardedScript, guardedScript, isLost } from '../../src/target/guarded-script.ts';
import { type RemoteCall, remoteScript } from '../../src/target/remote-script.ts';
import { makeNode, type Node, readAnswer, runScript, shells } from './shells.ts';

const call = (text: string, timeoutSeconds = 20): RemoteCall => ({
  argv: ['sh', '-c', text],
  timeoutSeconds,
});

/** A guard that one text can pass, as a Lease can be written at a version once. */
const scriptOn = (node: Node, id: string, more: Partial<GuardedScript> = {}): GuardedScript => ({
  guard: call(`set -C; echo ${id} >${node.folder}/marker && echo passed`),
  marker: call(`cat ${node.folder}/marker`),
  calls: [],
  reads: [],
  withinSeconds: 20,
  ...more,
});

const log = (node: Node, line: string) => call(`echo ${line} >>${node.folder}/log; echo ${line}`);
const logged = (node: Node) => readFile(join(node.folder, 'log'), 'utf8').catch(() => '');

async function run(node: Node, id: string, script: GuardedScript) {
  const { outputs } = await readAnswer(node, id, await runScript(node, guardedScript(id, script)));
  return outputs.map(({ exitCode, stdout }) => [exitCode, stdout.trim()]);
}

for (const shell of shells) {
  const of = `guardedScript under ${shell.name}`;

  test(`${of} – the guard is passed – the calls in their order, then the reads`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const slow = call(`sleep 0.3; echo one >>${node.folder}/log; echo one`);
    const calls = [slow, { ...call(`cat >>${node.folder}/log; echo two`), input: "it's $(two)\n" }];
    const reads = [call(`cat ${node.folder}/log`), call('exit 4')];
    t.deepEqual(await run(node, id, scriptOn(node, id, { calls, reads })), [
      [0, 'passed'],
      [0, 'one'],
      [0, 'two'],
      [0, "one\nit's $(two)"],
      [4, ''],
    ]);
  });

  test(`${of} – a call fails – neither the next nor the reads run`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const calls = [log(node, 'one'), call('exit 7'), log(node, 'three')];
    const script = scriptOn(node, id, { calls, reads: [call('echo read')] });
    t.deepEqual(await run(node, id, script), [
      [0, 'passed'],
      [0, 'one'],
      [7, ''],
    ]);
    t.is(await logged(node), 'one\n');
  });

  test(`${of} – the guard is refused – nothing runs, nothing is left, and it may come again`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const script = scriptOn(node, id, { calls: [log(node, 'one')], reads: [call('echo read')] });
    const away = { ...script, guard: call('echo away >&2; exit 1') };
    t.deepEqual(await run(node, id, away), [[1, '']]);
    t.is(await logged(node), '');
    t.deepEqual(await readdir(node.spool), []);
    t.deepEqual(await run(node, id, script), [
      [0, 'passed'],
      [0, 'one'],
      [0, 'read'],
    ]);
  });

  test(`${of} – another one has passed the guard – refused for good`, async (t) => {
    const node = await makeNode(t, shell);
    await writeFile(join(node.folder, 'marker'), `${randomUUID()}\n`);
    const id = randomUUID();
    const [first, ...others] = await run(node, id, scriptOn(node, id, { calls: [log(node, 'x')] }));
    t.not(first?.[0], 0);
    t.deepEqual(others, []);
    t.is(await logged(node), '');
  });

  test(`${of} – the guard’s answer is lost on the way – the marker tells that it was passed`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const script = scriptOn(node, id, {
      guard: call(`echo ${id} >${node.folder}/marker; echo lost >&2; exit 1`),
      calls: [log(node, 'one')],
    });
    t.deepEqual(await run(node, id, script), [
      [0, id],
      [0, 'one'],
    ]);
  });

  test(`${of} – arrives five times at once – runs once, the same answer from all`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const script = scriptOn(node, id, { calls: [call('sleep 1'), log(node, 'one')] });
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => run(node, id, script)));
    for (const answer of answers) t.deepEqual(answer, answers[0]);
    t.is(answers[0]?.length, 3);
    t.is(await logged(node), 'one\n');
  });

  test(`${of} – arrives again after its end – the first answer, whatever the guard says now`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const text = randomBytes(40_000).toString('base64');
    await writeFile(join(node.folder, 'long'), text);
    const calls = [log(node, 'one'), call(`cat ${node.folder}/long`)];
    const script = scriptOn(node, id, { calls });
    const first = await run(node, id, script);
    await writeFile(join(node.folder, 'marker'), 'of somebody else');
    t.deepEqual(await run(node, id, script), first);
    t.is(first[2]?.[1], text);
    t.is(await logged(node), 'one\n');
  });

  test(`${of} – the first arrival was killed – the second does not run it and says that it is lost`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    // As SIGKILL leaves it: the folder is there, the answer will never be.
    await runScript(
      node,
      `mkdir -p ${node.spool}/${id}.claim; echo $$ >${node.spool}/${id}.claim/pid`,
    );
    const started = performance.now();
    const again = await runScript(node, guardedScript(id, scriptOn(node, id)));
    t.true(isLost(id, again.stdout), again.stdout);
    t.true(performance.now() - started < 20_000);
    t.is(again.exitCode, 0);
  });

  test(`${of} – the calls take longer together than the text may – cut at its end, 137`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    const calls = [call('sleep 1.5; echo one'), call('exec sleep 30'), log(node, 'three')];
    const script = scriptOn(node, id, { calls, withinSeconds: 4 });
    const started = performance.now();
    const [, , second, ...others] = await run(node, id, script);
    t.is(second?.[0], 137);
    t.deepEqual(others, []);
    t.true(performance.now() - started < 25_000);
    t.is(await logged(node), '');
  });

  test(`${of} – an hour later – what it left on the node goes`, async (t) => {
    const node = await makeNode(t, shell);
    const id = randomUUID();
    await run(node, id, scriptOn(node, id));
    t.deepEqual((await readdir(node.spool)).toSorted(), [id, `${id}.claim`]);
    const old = Date.now() / 1_000 - 2 * 3_600;
    for (const name of await readdir(node.spool)) await utimes(join(node.spool, name), old, old);
    await run(node, randomUUID(), scriptOn(node, 'x', { guard: call('exit 1') }));
    t.deepEqual(await readdir(node.spool), []);
  });
}

test('scripts for a node – while they wait – never sleep for more than a second at once', (t) => {
  const script = { guard: call('a'), marker: call('b'), calls: [call('c')], reads: [call('d')] };
  const guarded = guardedScript('id', { ...script, withinSeconds: 20 });
  const sleeps = [...`${guarded}\n${remoteScript('id', [call('e')])}`.matchAll(/\bsleep (\S+)/g)];
  t.true(sleeps.length > 0);
  for (const [, seconds] of sleeps) t.true(Number(seconds) <= 1, seconds);
});
