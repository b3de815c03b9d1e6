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

/** What every level but the first needs; it takes minutes once on a new machine, then nothing. */
const setUp = single('set-up', 'node', '--conditions=source', 'test/set-up.ts');

/** The levels of `make test` in their order: the quick ones first, the real Kubernetes last. */
export const levels: Readonly<Record<string, readonly Step[]>> = {
  check: [
    single('types', 'tsc', '-p', 'tsconfig.json'),
    single('types of the Dagger module', 'tsc', '-p', 'ci/tsconfig.json'),
    single('the same with Dagger 1.0', 'tsc', '-p', 'ci/tsconfig.beta.json'),
    single('lint and format', 'biome', 'check', '--error-on-warnings', '.'),
    single('unused code', 'knip', '--no-progress'),
  ],
  'set-up': [setUp],
  pipeline: [ava('pipeline', 'ci/test/**/*.test.ts', 'k8s/test/**/*.test.ts')],
  services: [ava('services', 'services/*/test/**/*.test.ts')],
  local: [ava('local servers', '--serial', '--timeout=10m', 'local/test/**/*.test.ts')],
  path: [ava('the whole path', '--serial', '--timeout=20m', 'test/**/*.test.ts')],
};
