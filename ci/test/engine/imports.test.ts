import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import test from 'ava';
import {
  type ImportedModule,
  importsIn,
  importsOfSources,
  sourceFiles,
} from './helpers/imports.ts';
import { ciFolder, importSdk } from './helpers/sdk.ts';

const sdk = '@dagger.io/dagger';

/**
 * What the engine's bundled SDK exports besides the generated client, which is less than npm's package.
 * https://github.com/dagger/dagger/blob/v0.21.8/sdk/typescript/runtime/tsutils/module/index.ts
 */
const bundled = [
  ...['connection', 'connect', 'Context', 'func', 'check', 'generate', 'argument', 'object'],
  ...['field', 'enumType', 'entrypoint'],
];

let imports: readonly ImportedModule[];
test.before(async () => {
  imports = await importsOfSources();
});

test('imports – of the SDK – are what the engine bundles', async (t) => {
  const client = await importSdk<object>('./api/client.gen.js');
  const there = new Set([...bundled, ...Object.keys(client)]);
  const used = imports.filter(({ module }) => module.startsWith(sdk));
  t.true(used.length > 0);
  for (const { from, module, values } of used) {
    t.is(module, sdk, from);
    t.deepEqual(
      values.filter((value) => !there.has(value)),
      [],
      from,
    );
  }
});

test('imports – of the SDK – stand in index.ts and engine/ alone', (t) => {
  const users = new Set(
    imports.filter(({ module }) => module.startsWith(sdk)).map(({ from }) => from),
  );
  t.true(users.has('index.ts'));
  t.deepEqual(
    [...users].filter((file) => file !== 'index.ts' && !file.startsWith('engine/')),
    [],
  );
});

// The engine matches decorators by their text.
test('imports – of decorators – are by their own names', async (t) => {
  const text = await readFile(join(ciFolder, 'src', 'index.ts'), 'utf8');
  t.notRegex(text, /\b(?:func|object|argument|field|check) as\b|import \* as/);
});

test('imports – of everything else – are files of ci/src, built-ins or production dependencies', async (t) => {
  const { dependencies } = JSON.parse(await readFile(join(ciFolder, 'package.json'), 'utf8'));
  const files = new Set(sourceFiles());
  for (const { from, module } of imports) {
    if (module === sdk) continue;
    if (module.startsWith('.')) {
      const target = join(from, '..', module);
      t.true(files.has(target), `${from}: ${module} is no file below ci/src`);
    } else if (module.startsWith('node:')) {
      t.true(builtinModules.includes(module.slice('node:'.length)), `${from}: ${module}`);
    } else {
      const name = module.split('/').slice(0, module.startsWith('@') ? 2 : 1);
      t.true(name.join('/') in dependencies, `${from}: ${module} is no production dependency`);
    }
  }
});

test('imports – of the compiler – do not happen: the engine swaps it for its own', (t) => {
  t.deepEqual(
    imports.filter(({ module }) => module === 'typescript'),
    [],
  );
});

// Every .ts and .mts file below ci/src is imported on each call, a test among them would run.
test('sources – of the module – are TypeScript and no tests', (t) => {
  const files = sourceFiles();
  t.deepEqual(
    files.filter((path) => !/^[\w/-]+\.ts$/.test(path)),
    [],
  );
});

test('importsIn – each form of import – is found with what it needs at run time', (t) => {
  const text = [
    "import a, { b, type C } from 'one';",
    "import type { D } from 'two';",
    "import * as e from 'three';",
    "import 'four';",
    "export { f as g } from 'five';",
    "export * from 'six';",
    "const h = await import('seven');",
    'await import(h);',
  ];
  t.deepEqual(
    importsIn('x.ts', text.join('\n')).map(({ module, values }) => [module, ...values]),
    [
      ['one', 'default', 'b'],
      ['two'],
      ['three', '*'],
      ['four', '*'],
      ['five', 'f'],
      ['six', '*'],
      ['seven', '*'],
      ['(computed)', '*'],
    ],
  );
});
