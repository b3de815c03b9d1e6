import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { relativeImports } from '../../src/source/service-files.ts';
import { sourceTag } from '../../src/source/source-digest.ts';
import { readSourceTree, sourceTreeOf } from '../../src/source/source-tree.ts';
import { copyOfRepository, repository } from './repository.ts';

const services = [
  'aggregator',
  'auth-service',
  'dj-service',
  'events-service',
  'ml-service',
  'venue-service',
];
const context = {
  platforms: ['linux/amd64'],
  buildArgs: { BASE_IMAGE: `sha256:${'a'.repeat(64)}`, NODE_IMAGE: `sha256:${'b'.repeat(64)}` },
};

async function tagsOf(folder: string): Promise<Record<string, string>> {
  const source = await readSourceTree(folder);
  return Object.fromEntries(services.map((name) => [name, sourceTag(source, name, context)]));
}

async function changedBy(
  t: ExecutionContext,
  edit: (folder: string) => Promise<unknown>,
): Promise<string[]> {
  const folder = await copyOfRepository(t);
  const before = await tagsOf(folder);
  await edit(folder);
  const after = await tagsOf(folder);
  return services.filter((name) => before[name] !== after[name]);
}

/** As much of package.json and of package-lock.json as is edited here. */
interface Editable {
  readonly devDependencies: Record<string, string>;
  readonly packages: Record<string, Record<string, string>>;
}

async function editJson(
  folder: string,
  path: string,
  edit: (json: Editable) => void,
): Promise<void> {
  const json = JSON.parse(await readFile(join(folder, path), 'utf8')) as Editable;
  edit(json);
  await writeFile(join(folder, path), JSON.stringify(json));
}

function entryOf(json: Editable, name: string): Record<string, string> {
  const entry = json.packages[`node_modules/${name}`];
  if (!entry) throw new Error(`no lockfile entry ${name}`);
  return entry;
}

test('source tag – the same tree in another folder – has the same form and value', async (t) => {
  const here = await tagsOf(repository);
  t.deepEqual(await tagsOf(await copyOfRepository(t)), here);
  for (const tag of Object.values(here)) t.regex(tag, /^src-[0-9a-f]{32}$/);
  t.is(new Set(Object.values(here)).size, services.length);
});

test('source tag – one service edited – changes that service alone', async (t) => {
  const edit = (folder: string) =>
    appendFile(join(folder, 'services/venue-service/src/server.ts'), '\n// edited\n');
  t.deepEqual(await changedBy(t, edit), ['venue-service']);
});

test('source tag – a contract edited – changes its service and whoever imports contracts', async (t) => {
  const edit = (folder: string) =>
    appendFile(join(folder, 'services/auth-service/src/contract.ts'), '\n// edited\n');
  t.deepEqual(await changedBy(t, edit), ['aggregator', 'auth-service']);
});

for (const path of [
  'services/platform/src/config.ts',
  'services/Dockerfile',
  'services/tsconfig.build.json',
  'services/Dockerfile.dockerignore',
]) {
  test(`source tag – ${path} edited – changes all services`, async (t) => {
    t.deepEqual(await changedBy(t, (folder) => appendFile(join(folder, path), '\n')), services);
  });
}

for (const path of ['services/auth-service/readme.md', 'services/auth-service/test/new.test.ts']) {
  test(`source tag – ${path} added – changes nothing`, async (t) => {
    const edit = async (folder: string) => {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), 'new');
    };
    t.deepEqual(await changedBy(t, edit), []);
  });
}

test('source tag – a tool of the repository updated – changes nothing', async (t) => {
  const edit = async (folder: string) => {
    await editJson(folder, 'package.json', (json) => {
      json.devDependencies.ava = '99.0.0';
    });
    await editJson(folder, 'package-lock.json', (json) => {
      entryOf(json, 'ava').version = '99.0.0';
    });
  };
  t.deepEqual(await changedBy(t, edit), []);
});

test('source tag – a dependency of one service updated – changes it and whoever depends on it', async (t) => {
  const edit = (folder: string) =>
    editJson(folder, 'package-lock.json', (json) => {
      entryOf(json, 'lru-cache').version = '99.0.0';
    });
  t.deepEqual(await changedBy(t, edit), ['aggregator']);
});

for (const name of ['typescript', 'express', 'on-finished']) {
  test(`source tag – ${name}, which all are built with, updated – changes all services`, async (t) => {
    const edit = (folder: string) =>
      editJson(folder, 'package-lock.json', (json) => {
        entryOf(json, name).integrity = 'sha512-other';
      });
    t.deepEqual(await changedBy(t, edit), services);
  });
}

test('source tag – another base image or platform – differs', async (t) => {
  const source = await readSourceTree(repository);
  const tags = [
    context,
    { ...context, platforms: ['linux/arm64'] },
    { ...context, platforms: ['linux/amd64', 'linux/arm64'] },
    { ...context, buildArgs: { ...context.buildArgs, BASE_IMAGE: `sha256:${'c'.repeat(64)}` } },
  ].map((each) => sourceTag(source, 'auth-service', each));
  t.is(new Set(tags).size, 4);
});

test('source tag – files, platforms, arguments in any order – is the same', async (t) => {
  const source = await readSourceTree(repository);
  const files = source.paths.map((path) => [path, source.text(path)] as const);
  const build = { ...context, platforms: ['linux/amd64', 'linux/arm64'] };
  const expected = sourceTag(source, 'aggregator', build);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(files, { minLength: files.length }),
      fc.shuffledSubarray(build.platforms, { minLength: 2 }),
      fc.shuffledSubarray(Object.entries(build.buildArgs), { minLength: 2 }),
      (shuffled, platforms, args) => {
        const tree = sourceTreeOf(new Map(shuffled));
        const tag = sourceTag(tree, 'aggregator', {
          platforms,
          buildArgs: Object.fromEntries(args),
        });
        return tag === expected;
      },
    ),
    { numRuns: 25 },
  );
  t.pass();
});

test('source tag – no such service – is refused by name', async (t) => {
  const source = await readSourceTree(repository);
  t.throws(() => sourceTag(source, 'no-service', context), {
    code: 'SOURCE_INCOMPLETE',
    message: /"no-service"/,
  });
});

test('source tree – a folder that is no repository – is refused', async (t) => {
  const error = await t.throwsAsync(readSourceTree('/proc/self/fd'));
  t.is((error as { code?: string }).code, 'SOURCE_INCOMPLETE');
});

test('Dockerfile – each workspace – has its manifest copied', async (t) => {
  const source = await readSourceTree(repository);
  const dockerfile = source.text('services/Dockerfile');
  const manifests = source.paths.filter((path) => /^services\/[^/]+\/package\.json$/.test(path));
  t.true(manifests.length >= 8);
  for (const manifest of manifests) {
    t.true(
      dockerfile.includes(`COPY ${manifest} ${manifest.replace('package.json', '')}\n`),
      manifest,
    );
  }
});

test('relative imports – every form of import – are found', (t) => {
  const code = `import a from './a.ts';
import type { B } from "../b.ts";
import {
  c,
} from './c/c.ts';
export * from './d.ts';
const e = await import('./e.ts');
import './f.ts';
import express from 'express';`;
  const expected = ['./a.ts', '../b.ts', './c/c.ts', './d.ts', './e.ts', './f.ts'];
  t.deepEqual(relativeImports(code), expected);
});
