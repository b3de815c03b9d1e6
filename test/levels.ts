import { globSync } from 'node:fs';
import { needsMachine } from './needs-machine.ts';

/** A step of `make test`: one program, whose exit code and output say how many tests passed. */
export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
  /** Whether the program counts tests as AVA does; else the step itself is one test. */
  readonly counts: boolean;
}

const ava = (name: string, ...files: string[]): Step => ({
  name,
  argv: ['ava', ...files],
  counts: true,
});

const single = (name: string, ...argv: string[]): Step => ({ name, argv, counts: false });

const node = (name: string, file: string): Step =>
  single(name, 'node', '--conditions=source', file);

/** Drills that every change has to pass; `make drill` runs all that there are. */
const drills = [
  ...['client-killed-in-rollout', 'crash-on-start', 'missing-config-key', 'missing-secret'],
  ...['out-of-memory', 'registry-hiccup', 'two-deploys-at-once', 'wrong-tag'],
];

const tests = globSync(['{ci,k8s,test}/**/*.test.ts', 'services/*/test/**/*.test.ts'], {
  exclude: ['**/node_modules'],
}).toSorted();
const unit = tests.filter((file) => !needsMachine(file));
const onMachine = (folder: RegExp): string[] =>
  tests.filter((file) => folder.test(file) && !unit.includes(file));

/** The levels of `make test` in their order: the quick ones first, the real Kubernetes last. */
export const levels: Readonly<Record<string, readonly Step[]>> = {
  check: [
    single('types', 'tsc', '-p', 'tsconfig.json'),
    single('types of the Dagger module', 'tsc', '-p', 'ci/tsconfig.json'),
    single('the same with Dagger 1.0', 'tsc', '-p', 'ci/tsconfig.beta.json'),
    single('lint and format', 'biome', 'check', '--error-on-warnings', '.'),
    single('unused code', 'knip', '--no-progress'),
  ],
  // Neither needs more than Node: the module's `check` runs these two levels in a container.
  unit: [ava('unit', ...unit)],
  // What every level below needs; it takes minutes once on a new machine, then nothing.
  'set-up': [node('set-up', 'test/set-up.ts')],
  workflows: [node('workflows', 'test/workflows/lint.ts')],
  pipeline: [ava('pipeline', ...onMachine(/^(?:ci|k8s)\//))],
  services: [ava('services', ...onMachine(/^services\//))],
  local: [ava('local servers', '--serial', '--timeout=10m', 'local/test/**/*.test.ts')],
  drills: [
    {
      name: 'drills',
      argv: ['node', '--conditions=source', 'local/drill.ts', '--drill', drills.join(',')],
      counts: true,
    },
  ],
  path: [ava('the whole path', '--serial', '--timeout=20m', ...onMachine(/^test\//))],
};

/**
 * In which order the levels run: one row after the other, what stands in a row side by side. The drills
 * mostly wait, and lose little beside servers' tests; the pipeline's keep the limits of real clients and
 * the path measures what pods can carry, each alone.
 */
export const order: readonly (readonly (readonly string[])[])[] = [
  [['check']],
  [['unit']],
  [['set-up', 'workflows']],
  [['pipeline']],
  [['services', 'local'], ['drills']],
  [['path']],
];
