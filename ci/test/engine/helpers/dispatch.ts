import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type ProcessResult, runProcess } from '../../../src/process.ts';
import { type EngineFolder, engineFolder } from './engine-folder.ts';
import type { FakeEngine, FunctionCall } from './fake-engine.ts';
import { ciFolder, sdkFolder } from './sdk.ts';

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
export async function dispatch(t: ExecutionContext, engine: FakeEngine): Promise<ProcessResult> {
  const module = await laidOutModule();
  return runTsx(t, engine, [module.entrypoint]);
}

export interface Outcome {
  readonly returned?: unknown;
  readonly thrown?: string;
}

/** Runs many calls by the SDK's own parts in one process. */
export async function callMany(
  t: ExecutionContext,
  engine: FakeEngine,
  calls: readonly FunctionCall[],
): Promise<{ outcomes: readonly Outcome[]; loadMs: number; printed: string }> {
  const { folder } = await laidOutModule();
  const file = join(await mkdtemp(join(folder, 'calls-')), 'calls.json');
  await writeFile(file, JSON.stringify(calls));
  const program = join(import.meta.dirname, 'call-many.ts');
  const { exitCode, stdout, stderr } = await runTsx(t, engine, [program, folder, sdkFolder, file]);
  const lines = stdout.trimEnd().split('\n');
  t.is(exitCode, 0, stderr);
  return {
    ...JSON.parse(lines.at(-1) ?? ''),
    printed: `${lines.slice(0, -1).join('\n')}${stderr}`.trim(),
  };
}

async function runTsx(
  t: ExecutionContext,
  engine: FakeEngine,
  argv: readonly string[],
): Promise<ProcessResult> {
  t.timeout(180_000, 'the scan compiles the module, on cores that others may use');
  const { folder, tsconfig } = await laidOutModule();
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const options = ['--no-deprecation', '--tsconfig', tsconfig];
  return runProcess([process.execPath, tsx, ...options, ...argv], {
    cwd: scratch,
    timeoutMs: 150_000,
    // A function sees nothing of the host's environment.
    env: {
      PATH: process.env.PATH,
      TMPDIR: scratch,
      DAGGER_SESSION_PORT: String(engine.port),
      DAGGER_SESSION_TOKEN: engine.token,
    },
  });
}
