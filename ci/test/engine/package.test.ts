import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProcess } from '../../src/process.ts';
import { ciFolder } from './helpers/sdk.ts';

const read = (path: string): Promise<string> => readFile(join(ciFolder, path), 'utf8');
const json = async <T>(path: string): Promise<T> => JSON.parse(await read(path)) as T;

interface Package {
  readonly type?: string;
  readonly packageManager?: string;
  readonly dagger?: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<
    Record<
      string,
      Partial<Package> & { dev?: boolean; hasInstallScript?: boolean; resolved?: string }
    >
  >;
}

test('dagger.json – the module – is named, placed and bound to one engine', async (t) => {
  const config = await json<object>('../dagger.json');
  t.deepEqual(config, {
    $schema: 'https://docs.dagger.io/reference/dagger.schema.json',
    name: 'whatsthecraic',
    engineVersion: 'v0.21.8',
    sdk: { source: 'typescript' },
    source: 'ci',
    include: ['!ci/test', '!ci/node_modules'],
  });
});

test('package.json – for the engine – has the compiler as a dependency and the SDK for editors only', async (t) => {
  const { type, packageManager, dagger, dependencies, devDependencies } =
    await json<Package>('package.json');
  t.is(type, 'module');
  // With 5.9.3 and a second dependency npm fails (EBUSY); 7 fails at the first call.
  t.is(dependencies.typescript, '6.0.3');
  t.false('@dagger.io/dagger' in dependencies);
  t.is(devDependencies['@dagger.io/dagger'], '0.21.9');
  // Node, npm and base image are the engine's own.
  t.deepEqual([packageManager, dagger], [undefined, undefined]);
});

test('package.json – dependencies – are exact versions', async (t) => {
  const { dependencies } = await json<Package>('package.json');
  for (const [name, version] of Object.entries(dependencies)) {
    t.regex(version, /^\d+\.\d+\.\d+$/, name);
  }
});

// Its presence makes the engine take npm; without it the engine takes yarn.
test('package-lock.json – beside package.json – is in step with it', async (t) => {
  const { dependencies, devDependencies } = await json<Package>('package.json');
  const { lockfileVersion, packages } = await json<Lockfile>('package-lock.json');
  t.is(lockfileVersion, 3);
  t.deepEqual(packages['']?.dependencies, dependencies);
  t.deepEqual(packages['']?.devDependencies, devDependencies);
  for (const [name, version] of Object.entries(dependencies)) {
    t.is((packages[`node_modules/${name}`] as { version?: string }).version, version);
  }
});

test('package-lock.json – what production installs – comes from npm and runs no script', async (t) => {
  const { packages } = await json<Lockfile>('package-lock.json');
  const production = Object.entries(packages).filter(([path, it]) => path !== '' && !it.dev);
  t.true(production.length > 4);
  for (const [path, { hasInstallScript, resolved }] of production) {
    t.falsy(hasInstallScript, path);
    // Without an address npm asks the registry that it is set to.
    t.regex(resolved ?? '', /^$|^https:\/\/registry\.npmjs\.org\//, path);
  }
});

// The engine edits it with a reader that knows line comments only.
test('tsconfig.json – read by the engine – is plain JSON and leaves paths to it', async (t) => {
  const text = await read('tsconfig.json');
  t.notRegex(text, /\/\*|\*\//);
  t.notRegex(text, /,\s*[}\]]/);
  const { compilerOptions } = JSON.parse(text);
  t.true(compilerOptions.experimentalDecorators);
  t.false('paths' in compilerOptions);
  t.false('emitDecoratorMetadata' in compilerOptions);
  t.is(compilerOptions.module, 'NodeNext');
  t.deepEqual(compilerOptions.types, ['node']);
});

// The engine never reads it: `make check` alone compiles the module against the next version by it.
test('tsconfig.beta.json – for Dagger 1.0 – swaps the SDK and nothing else', async (t) => {
  t.deepEqual(await json('tsconfig.beta.json'), {
    extends: './tsconfig.json',
    compilerOptions: {
      paths: { '@dagger.io/dagger': ['./node_modules/dagger-beta/dist/src/index.d.ts'] },
    },
  });
  const { devDependencies } = await json<Package>('package.json');
  t.regex(devDependencies['dagger-beta'] ?? '', /^npm:@dagger\.io\/dagger@1\.0\.0(?:-beta\.\d+)?$/);
  const installed = await json<{ name: string }>('node_modules/dagger-beta/package.json');
  t.is(installed.name, '@dagger.io/dagger');
});

test('repository – for the engine – holds no .env, whose keys would become arguments', async (t) => {
  const listed = await runProcess(['git', 'ls-files', '--', ':(glob)**/.env', '.env'], {
    cwd: join(ciFolder, '..'),
  });
  t.is(listed.exitCode, 0);
  t.is(listed.stdout, '');
});

test('.gitignore – for the engine – keeps installed packages and generated code from its upload', async (t) => {
  const ignored = ['ci/node_modules/x', 'ci/sdk/client.gen.ts', '.env', 'services/x/dist/y.js'];
  const asked = await runProcess(['git', 'check-ignore', '--no-index', ...ignored], {
    cwd: join(ciFolder, '..'),
  });
  t.deepEqual(asked.stdout.trim().split('\n'), ignored);
});
