import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type ProcessResult, runProcess } from '../../../src/process.ts';
import { type EngineFolder, engineFolder } from './engine-folder.ts';
import type { FakeEngine } from './fake-engine.ts';
import { ciFolder } from './sdk.ts';

const tsx = join(ciFolder, 'node_modules', 'tsx', 'dist', 'cli.mjs');

let laidOut: Promise<EngineFolder> | undefined;

/** The module as the engine lays it out, once for all tests of a file; remove it by `removeModule`. */
const laidOutModule = (): Promise<EngineFolder> => {
  laidOut ??= engineFolder();
  return laidOut;
};

export async function removeModule(): Promise<void> {
  if (laidOut) await rm((await laidOut).folder, { recursive: true, force: true });
}

/** Runs one call of the module as the engine does: tsx, the SDK's entry point, an empty folder. */
export async function dispatch(
  t: ExecutionContext,
  engine: FakeEngine,
  program?: string,
): Promise<ProcessResult> {
  const module = await laidOutModule();
  const scratch = await mkdtemp(join(module.folder, 'scratch-'));
  const argv = [tsx, '--no-deprecation', '--tsconfig', module.tsconfig];
  const result = await runProcess(
    [process.execPath, ...argv, program ?? module.entrypoint, module.folder],
    {
      cwd: scratch,
      timeoutMs: 50_000,
      // A function sees nothing of the host's environment.
      env: {
        PATH: process.env.PATH,
        TMPDIR: scratch,
        DAGGER_SESSION_PORT: String(engine.port),
        DAGGER_SESSION_TOKEN: engine.token,
      },
    },
  );
  t.log(`${(await readdir(scratch)).join(' ')} ${result.stderr}`.trim());
  return result;
}
