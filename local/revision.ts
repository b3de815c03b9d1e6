import { branchOf, type Revision, readGitState, revisionOf } from '../ci/src/source/git.ts';

/** On one's own machine a checkout may be detached, or be no checkout at all. */
export async function localRevision(repository: string): Promise<Revision> {
  const state = await readGitState(repository);
  return revisionOf(state, {
    commit: state?.sha ?? '0'.repeat(40),
    branch: branchOf(state?.ref) ?? 'detached',
  });
}
