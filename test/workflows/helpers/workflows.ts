import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly 'continue-on-error'?: boolean;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(import.meta.dirname, '..', '..', '..');
const folder = join(root, '.github', 'workflows');

/** All workflows of the repository. */
export const workflows: readonly Workflow[] = globSync('*.{yml,yaml}', { cwd: folder })
  .toSorted()
  .map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { ...parse(text), file, text };
  });

export function workflow(file: string): Workflow {
  const found = workflows.find((it) => it.file === file);
  if (!found) throw new Error(`there is no workflow ${file}`);
  return found;
}

export const jobsOf = ({ jobs }: Workflow): readonly Job[] => Object.values(jobs);
export const stepsOf = (it: Workflow): readonly Step[] => jobsOf(it).flatMap(({ steps }) => steps);

export interface Call {
  readonly name: string;
  readonly flags: readonly string[];
}

/** The module's functions that a job calls. */
export const callsOf = ({ steps }: Job): readonly Call[] =>
  steps.flatMap(({ run = '' }) =>
    [...run.matchAll(/dagger(?:-call\.sh| call) ([a-z-]+)([^\n]*)/g)].map(
      ([, name = '', rest = '']) => ({ name, flags: rest.match(/--[a-z-]+/g) ?? [] }),
    ),
  );

/** The flags of each function, as the module's contract has them, which its own test proves. */
export function flagsOfModule(): ReadonlyMap<string, ReadonlySet<string>> {
  const contract = readFileSync(join(root, 'ci/test/engine/contract.txt'), 'utf8');
  const functions = contract.split('\n\n').map((text) => {
    const [name = ''] = text.split(' ', 1);
    return [name, new Set(text.match(/(?<=^ {2})--[a-z-]+/gm))] as const;
  });
  return new Map(functions);
}
