import { runProcess } from '../process.ts';

/** What a release is called after: a commit and a branch, and whether the tree holds more than that. */
export interface Revision {
  /** The commit's SHA, `<sha>-dirty` for a tree with changes. */
  readonly commit: string;
  readonly branch: string;
  readonly dirty: boolean;
}

/** What a checkout says of itself; a part is absent where it cannot tell. */
export interface GitState {
  readonly sha?: string | undefined;
  /** `refs/heads/main`, or `HEAD` for a detached checkout. */
  readonly ref?: string | undefined;
  readonly dirty: boolean;
}

/** What the user said instead, by `--commit` and `--branch`. */
export interface NamedRevision {
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
}

/** Neither the checkout nor the arguments say which commit or branch this is. */
export class RevisionUnknown extends Error {
  override readonly name = 'RevisionUnknown';
  readonly code = 'REVISION_UNKNOWN';
}

const sha = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Joins what the checkout says with the arguments, which win. */
export function revisionOf(state: GitState | undefined, named: NamedRevision = {}): Revision {
  const commit = named.commit?.trim().toLowerCase() || state?.sha;
  if (!commit) {
    throw new RevisionUnknown(
      'commit: the source is no git checkout; name the commit by --commit <sha>',
    );
  }
  if (!sha.test(commit)) {
    throw new RevisionUnknown(
      `commit: expected a full SHA of 40 hex digits (git rev-parse HEAD), got ${JSON.stringify(commit)}`,
    );
  }
  const branch = named.branch?.trim().replace(/^refs\/heads\//, '') || branchOf(state?.ref);
  if (!branch || branch === 'HEAD') {
    throw new RevisionUnknown(
      'branch: the source is a detached checkout or none at all; name the branch by --branch <name>',
    );
  }
  const dirty = state?.dirty ?? false;
  return { commit: dirty ? `${commit}-dirty` : commit, branch, dirty };
}

/** The branch that a full ref names; a tag's name counts, a detached checkout's `HEAD` does not. */
export function branchOf(ref: string | undefined): string | undefined {
  return /^refs\/(?:heads|tags)\/(.+)$/.exec(ref?.trim() ?? '')?.[1];
}

/** Reads `git status --porcelain=v2 --branch`. */
export function parseStatus(text: string): GitState {
  let oid: string | undefined;
  let head: string | undefined;
  let dirty = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('# branch.oid ')) oid = line.slice('# branch.oid '.length);
    else if (line.startsWith('# branch.head ')) head = line.slice('# branch.head '.length);
    else if (line !== '' && !line.startsWith('#')) dirty = true;
  }
  return {
    sha: oid === '(initial)' ? undefined : oid,
    ref: head === undefined || head === '(detached)' ? 'HEAD' : `refs/heads/${head}`,
    dirty,
  };
}

/** Asks git about a folder; `undefined` if it is no checkout or git is not installed. */
export async function readGitState(
  folder: string,
  signal: AbortSignal = AbortSignal.timeout(10_000),
): Promise<GitState | undefined> {
  // No optional locks: a status beside a running commit must not make that commit fail.
  const args = ['--no-optional-locks', '-C', folder, 'status', '--porcelain=v2', '--branch'];
  try {
    const { exitCode, stdout } = await runProcess(['git', ...args], { signal });
    return exitCode === 0 ? parseStatus(stdout) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
