import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runProcess } from '../../ci/src/process.ts';

const scripts = join(import.meta.dirname, '..', '..', '.github');

/** A runner of GitHub's with a `dagger` that is this shell script. */
async function runner(t: ExecutionContext, dagger: string) {
  const folder = await mkdtemp(join(tmpdir(), 'runner-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const programs = join(folder, 'bin');
  await mkdir(programs);
  await writeFile(join(programs, 'dagger'), `#!/bin/sh\n${dagger}\n`, { mode: 0o755 });
  const summary = join(folder, 'summary.md');
  const env = {
    ...process.env,
    PATH: [programs, process.env.PATH].join(delimiter),
    RUNNER_TEMP: folder,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: join(folder, 'output'),
  };
  const script = (name: string, ...args: string[]) =>
    runProcess([join(scripts, name), ...args], { env });
  return {
    call: (...args: string[]) => script('dagger-call.sh', ...args),
    report: (...args: string[]) => script('report.sh', ...args),
    read: (name: string) => readFile(join(folder, name), 'utf8'),
    async summary(title: string) {
      const { exitCode, stderr } = await script('summary.sh', title);
      t.is(exitCode, 0, stderr);
      return readFile(summary, 'utf8');
    },
  };
}

test('dagger-call.sh – arguments with spaces – reach Dagger one by one', async (t) => {
  const { call } = await runner(t, 'printf "[%s]" "$@"');
  const { exitCode, stdout } = await call('deploy', '--branch', 'a b $(c)');
  t.is(exitCode, 0);
  t.is(stdout, '[--progress][plain][call][deploy][--branch][a b $(c)]');
});

test('summary.sh – the call gave a result – is the result without the progress', async (t) => {
  const { call, summary } = await runner(t, 'echo "1: connecting" >&2; echo "release verified"');
  const { stdout } = await call('deploy');
  t.is(stdout, '1: connecting\nrelease verified\n');
  t.is(await summary('Deploy'), '### Deploy\n~~~~~~~~text\nrelease verified\n\n~~~~~~~~\n');
});

test('summary.sh – the call failed – is its whole error, and the exit code is kept', async (t) => {
  const { call, summary } = await runner(
    t,
    `cat >&2 <<'END'
1: connecting
14: ! Error: release failed
Error: release failed
aggregator  failed  CRASHED
Error: the decks are on fire
code: RELEASE_FAILED [traceparent:00-0af7651916cd43dd-b7ad6b71-01]
END
exit 1`,
  );
  t.is((await call('deploy')).exitCode, 1);
  t.is(
    await summary('Deploy'),
    [
      '### Deploy',
      '~~~~~~~~text',
      'Error: release failed',
      'aggregator  failed  CRASHED',
      'Error: the decks are on fire',
      'code: RELEASE_FAILED',
      '',
      '~~~~~~~~\n',
    ].join('\n'),
  );
});

test('summary.sh – the call was killed – is what it said last', async (t) => {
  const { call, summary } = await runner(t, 'seq 1 100 >&2; kill -9 $$');
  t.not((await call('deploy')).exitCode, 0);
  const text = await summary('Deploy');
  t.regex(text, /without a result; its last words:\n61\n/);
  t.true(text.includes('\n100\n'));
});

test('summary.sh – nothing was called – says so', async (t) => {
  const { summary } = await runner(t, 'exit 1');
  t.regex(await summary('Check'), /### Check\n~+text\nNothing was called/);
});

test('summary.sh – more than a page takes – is cut', async (t) => {
  const { call, summary } = await runner(t, 'head -c 3000000 /dev/zero | tr "\\\\0" x');
  await call('check');
  t.true((await summary('Check')).length < 101_000);
});

test('report.sh – a release was recorded – its page, its files and its code', async (t) => {
  const { report, read } = await runner(
    t,
    `case "$*" in
*" report "*) mkdir "$RUNNER_TEMP/report"; echo "### Release x" >"$RUNNER_TEMP/report/summary.md"; echo "$@" >"$RUNNER_TEMP/asked" ;;
*" status "*) echo '{"last":{"code":"RELEASE_DEGRADED"}}' ;;
esac`,
  );
  const { exitCode, stderr } = await report('--instance-id', 'i-1');
  t.is(exitCode, 0, stderr);
  t.is(await read('summary.md'), '### Release x\n');
  t.is(await read('output'), 'code=RELEASE_DEGRADED\n');
  t.regex(await read('asked'), /call report --instance-id i-1 export --path .*\/report\n$/);
});

test('report.sh – no release was recorded – fails, and says nothing of a code', async (t) => {
  const { report, read } = await runner(t, 'echo "code: RELEASE_UNKNOWN" >&2; exit 1');
  t.is((await report('--instance-id', 'i-1')).exitCode, 1);
  await t.throwsAsync(read('output'), { code: 'ENOENT' });
});
