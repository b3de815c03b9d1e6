import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readGitState } from '../ci/src/source/git.ts';
import { complain } from './complain.ts';
import { findProgram } from './engine/find-program.ts';
import { requireEngine } from './engine/require-engine.ts';
import { who } from './who.ts';

/** What a call of the module needs is not there. */
class CannotCall extends Error {
  readonly code: 'DAGGER_MISSING' | 'REVISION_UNKNOWN';

  constructor(code: CannotCall['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Functions that record who called them. */
const ofSomebody = new Set(['deploy', 'rollback']);

/** Functions that are told commit and branch by the checkout. */
const ofCheckout = new Set(['deploy', 'plan']);

/**
 * `dagger call` with the arguments given, once all that it needs is there: Dagger itself would wait
 * for an engine that does not answer, and say nothing.
 */
const [name = '', ...args] = process.argv.slice(2);
const repository = fileURLToPath(new URL('..', import.meta.url));

try {
  const dagger = await findProgram('dagger');
  if (!dagger) {
    throw new CannotCall(
      'DAGGER_MISSING',
      'there is no program dagger on the PATH\ninstall Dagger 0.21: https://docs.dagger.io/install',
    );
  }
  if (ofCheckout.has(name) && !args.some((it) => /^--repo(=|$)/.test(it))) await requireGit();
  await requireEngine();
  const says = args.some((it) => /^--by(=|$)/.test(it));
  if (ofSomebody.has(name) && !says) args.push('--by', who());
  process.exitCode = await runInPlace(dagger, ['call', name, ...args]);
} catch (error) {
  complain(error);
}

async function requireGit(): Promise<void> {
  if (await readGitState(repository)) return;
  throw new CannotCall(
    'REVISION_UNKNOWN',
    `${repository} is no git checkout, or git is not installed; a release is named by its commit\n` +
      'clone the repository, or try it without git on this machine alone: make up',
  );
}

/** Runs a program on this terminal; Ctrl-C is the program's to handle. */
async function runInPlace(command: string, argv: readonly string[]): Promise<number> {
  const child = spawn(command, argv, { cwd: repository, stdio: 'inherit' });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'close');
  return code ?? 128 + constants.signals[signal as NodeJS.Signals];
}
