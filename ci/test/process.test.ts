import test from 'ava';
import { runProcess } from '../src/process.ts';

test('runProcess – output and exit code – both streams apart, whatever the code', async (t) => {
  const result = await runProcess(['sh', '-c', 'echo out; echo err >&2; exit 3']);
  t.deepEqual(result, { exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('runProcess – input larger than a pipe – arrives whole', async (t) => {
  const input = 'Ó Briain 🎻\n'.repeat(100_000);
  t.is((await runProcess(['cat'], { input })).stdout, input);
});

test('runProcess – a program that does not read its input – no failure', async (t) => {
  const { exitCode } = await runProcess(['true'], { input: 'x'.repeat(1_000_000) });
  t.is(exitCode, 0);
});

test('runProcess – beyond its limit – killed, exit code 137, what it printed until then', async (t) => {
  const result = await runProcess(['sh', '-c', 'echo begun; exec sleep 30'], { timeoutMs: 300 });
  t.deepEqual(result, { exitCode: 137, stdout: 'begun\n', stderr: '' });
});

test('runProcess – beyond its limit, with a child that holds the pipes – nobody waits for the child', async (t) => {
  const started = performance.now();
  const result = await runProcess(['sh', '-c', 'sleep 20 & echo begun; wait'], { timeoutMs: 300 });
  t.is(result.exitCode, 137);
  t.is(result.stdout, 'begun\n');
  t.true(performance.now() - started < 5_000);
});

test('runProcess – a program that is not there – rejected', async (t) => {
  await t.throwsAsync(runProcess(['no-such-program']), { code: 'ENOENT' });
});

test('runProcess – no command – a TypeError', async (t) => {
  await t.throwsAsync(runProcess([]), { instanceOf: TypeError });
});

test('runProcess – aborted – rejected at once', async (t) => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  const run = runProcess(['sleep', '30'], { signal: abort.signal });
  await t.throwsAsync(run, { name: 'AbortError' });
});

test('runProcess – lines as they come – whole, also the last one without its end', async (t) => {
  const lines: string[] = [];
  await runProcess(['sh', '-c', 'printf a; sleep 0.1; printf "b\\nc\\n\\nlast"'], {
    onLine: (line) => lines.push(line),
  });
  t.deepEqual(lines, ['ab', 'c', '', 'last']);
});

test('runProcess – a given environment – nothing of ours beside it', async (t) => {
  const { stdout } = await runProcess(['/usr/bin/env'], { env: { ONLY: 'this' } });
  t.is(stdout, 'ONLY=this\n');
});
