import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { isNewEnough } from '../go.ts';
import { buildProgram } from '../kubernetes/build.ts';

/** A compiler of a moment in place of one of minutes: what it makes is its own command line. */
const fakeGo = `#!/bin/sh
if [ "$1" = env ]; then echo go1.26.8; exit; fi
echo "$@" >>"$FAKE_GO_CALLS"
[ -z "$FAKE_GO_FAILS" ] || { echo 'main.go:1: no such package' >&2; exit 1; }
while [ "$1" != -o ]; do shift; done
sleep 0.2
echo compiled >"$2"
`;

const programs = await mkdtemp(join(tmpdir(), 'wtc-go-'));
await writeFile(join(programs, 'go'), fakeGo, { mode: 0o755 });
process.env.PATH = [programs, process.env.PATH].join(delimiter);
test.after.always(() => rm(programs, { recursive: true, force: true }));

async function temporaryCache(t: ExecutionContext) {
  const cache = await mkdtemp(join(tmpdir(), 'wtc-cache-'));
  t.teardown(() => rm(cache, { recursive: true, force: true }));
  process.env.FAKE_GO_CALLS = join(cache, 'calls');
  delete process.env.FAKE_GO_FAILS;
  const calls = async () =>
    (await readFile(join(cache, 'calls'), 'utf8')).trim().split('\n').length;
  return { cache, calls, tools: join(cache, 'tools') };
}

for (const [version, expected] of [
  ['go1.25', true],
  ['go1.26.8', true],
  ['go1.24.9', false],
  ['go1.19.8', false],
  ['go2.30', false],
  ['devel', false],
  ['', false],
] as const) {
  test(`Go version – ${version || 'none'} – is ${expected ? '' : 'not '}new enough`, (t) => {
    t.is(isNewEnough(version), expected);
  });
}

test.serial('build – first and second time – compiles once, into one folder', async (t) => {
  const { cache, calls, tools } = await temporaryCache(t);
  const said: string[] = [];
  const folder = await buildProgram(cache, (text) => said.push(text));
  t.is(await readFile(join(folder, 'kubernetes'), 'utf8'), 'compiled\n');
  for (const name of ['kubectl', 'kubelet', 'kube-apiserver', 'etcd', 'coredns']) {
    t.is(await readlink(join(folder, name)), 'kubernetes');
  }
  const image = execFileSync('tar', ['-tf', join(folder, 'pause.tar')], { encoding: 'utf8' });
  t.regex(image, /manifest\.json/);
  t.true(said.some((text) => text.includes('compiling')));

  const before = await calls();
  t.is(await buildProgram(cache, (text) => t.fail(text)), folder);
  t.is(await calls(), before);
  t.is((await readdir(tools)).length, 1);
});

test.serial('build – fails – says the compiler’s words and leaves nothing', async (t) => {
  const { cache, tools } = await temporaryCache(t);
  process.env.FAKE_GO_FAILS = 'yes';
  await t.throwsAsync(
    buildProgram(cache, () => {}),
    { message: /no such package/ },
  );
  t.deepEqual(await readdir(tools), []);
});

test.serial('build – an earlier one was killed – removes what it left', async (t) => {
  const { cache, tools } = await temporaryCache(t);
  await mkdir(join(tools, 'kubernetes.tmp', 'go'), { recursive: true });
  await writeFile(join(tools, 'kubernetes.tmp', 'kubectl'), 'of another version');
  const folder = await buildProgram(cache, () => {});
  t.deepEqual(await readdir(tools), [basename(folder)]);
});

test.serial('build – two at once – one compiles, the other waits for it', async (t) => {
  const { cache, calls, tools } = await temporaryCache(t);
  const said: string[] = [];
  const builds = [1, 2, 3].map(() => buildProgram(cache, (text) => said.push(text)));
  const folders = new Set(await Promise.all(builds));
  t.is(folders.size, 1);
  t.is(await calls(), 2, 'two programs, compiled once');
  t.is(said.filter((text) => text.includes('waiting')).length, 2);
  t.is((await readdir(tools)).length, 1);
});

test.serial('build – the programs were deleted – compiles them again', async (t) => {
  const { cache, calls } = await temporaryCache(t);
  const folder = await buildProgram(cache, () => {});
  await rm(folder, { recursive: true });
  t.is(await buildProgram(cache, () => {}), folder);
  t.is(await calls(), 4, 'two programs, compiled twice');
});
