import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parseStatus, readGitState, revisionOf } from '../../src/source/git.ts';

const sha = 'a'.repeat(40);

async function folderOf(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'git-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function checkout(t: ExecutionContext) {
  const folder = await folderOf(t);
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8', stdio: 'pipe' });
  git('init', '-q', '-b', 'topic/one');
  await writeFile(join(folder, 'file'), '1');
  git('add', '.');
  git('commit', '-q', '-m', 'One');
  return { folder, git, head: git('rev-parse', 'HEAD').trim() };
}

test('git state – a clean checkout – names its commit and branch', async (t) => {
  const { folder, head } = await checkout(t);
  const revision = revisionOf(await readGitState(folder));
  t.deepEqual(revision, { commit: head, branch: 'topic/one', dirty: false });
});

test('git state – an untracked file – is dirty', async (t) => {
  const { folder, head } = await checkout(t);
  await writeFile(join(folder, 'new'), '');
  const revision = revisionOf(await readGitState(folder));
  t.deepEqual(revision, { commit: `${head}-dirty`, branch: 'topic/one', dirty: true });
});

test('git state – detached – has no branch until one is named', async (t) => {
  const { folder, git, head } = await checkout(t);
  git('checkout', '-q', '--detach');
  const state = await readGitState(folder);
  t.throws(() => revisionOf(state), { code: 'REVISION_UNKNOWN', message: /--branch/ });
  t.is(revisionOf(state, { branch: 'main' }).branch, 'main');
  t.is(revisionOf(state, { branch: 'main' }).commit, head);
});

test('git state – no checkout at all – asks for the arguments', async (t) => {
  const state = await readGitState(await folderOf(t));
  t.is(state, undefined);
  t.throws(() => revisionOf(state), { code: 'REVISION_UNKNOWN', message: /--commit/ });
  t.throws(() => revisionOf(state, { commit: sha }), { message: /--branch/ });
  const expected = { commit: sha, branch: 'main', dirty: false };
  t.deepEqual(
    revisionOf(state, { commit: sha.toUpperCase(), branch: 'refs/heads/main' }),
    expected,
  );
});

test('git state – a checkout without a commit – asks for one', async (t) => {
  const folder = await folderOf(t);
  execFileSync('git', ['-C', folder, 'init', '-q', '-b', 'main']);
  const state = await readGitState(folder);
  t.throws(() => revisionOf(state), { code: 'REVISION_UNKNOWN', message: /--commit/ });
});

for (const commit of ['main', sha.slice(1), `${sha}-dirty`]) {
  test(`revision – --commit ${commit} – is refused as no full SHA`, (t) => {
    t.throws(() => revisionOf(undefined, { commit, branch: 'main' }), { message: /40 hex digits/ });
  });
}

test('git status – renamed, changed and ignored lines – only real changes count as dirty', (t) => {
  const head = `# branch.oid ${sha}\n# branch.head main\n`;
  t.false(parseStatus(`${head}# branch.upstream origin/main\n# branch.ab +0 -0\n`).dirty);
  t.true(parseStatus(`${head}1 .M N... 100644 100644 100644 ${sha} ${sha} file\n`).dirty);
  t.true(parseStatus(`${head}? new\n`).dirty);
});
