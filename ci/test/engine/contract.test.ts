import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { commandLine, kebab, withoutIt } from './helpers/command-line.ts';
import { introspect, type ModuleDescription } from './helpers/introspect.ts';
import { withTables } from './helpers/module-docs.ts';
import { ciFolder } from './helpers/sdk.ts';

let found: ModuleDescription;
test.before(async () => {
  found = await introspect();
});

// The engine answers `dagger functions` with exit code 0 even when it found nothing at all.
test('module – introspected by the SDK – has the functions and arguments of the contract', async (t) => {
  const contract = await readFile(join(import.meta.dirname, 'contract.txt'), 'utf8');
  t.is(`${commandLine(found)}\n`, contract);
});

test('module – introspected – is one class without a constructor and without state', (t) => {
  t.deepEqual(found.types, ['Whatsthecraic']);
  t.false(found.hasConstructor);
  t.deepEqual(found.fields, []);
});

test('module – help – says what the module, each function and each argument is', (t) => {
  const described = [
    ['module', found.description],
    ['object', found.objectDescription],
    ...found.functions.flatMap((it) => [
      [it.name, it.description],
      ...it.arguments.map((argument) => [`${it.name} ${argument.name}`, argument.description]),
    ]),
  ] as const;
  for (const [name = '', text = ''] of described) {
    t.regex(text.trim(), /^[A-Za-z].{9,}\.$/s, `${name}: expected a sentence`);
  }
});

test('module – the same argument of several functions – has one type, default and ignore list', (t) => {
  const byName = new Map<string, string>();
  for (const { name, arguments: all } of found.functions) {
    for (const argument of all) {
      // A soak after a deploy depends on the overlay; a mere question does not soak, and waits for
      // nobody. One service is built, several may go back.
      if (['soak', 'service', 'wait'].includes(argument.name)) continue;
      const shape = JSON.stringify([argument.type, withoutIt(argument), argument.ignore]);
      t.is(byName.get(argument.name) ?? shape, shape, `${name} ${argument.name}`);
      byName.set(argument.name, shape);
    }
  }
});

// Default caching would skip the second of two equal deploys for seven days.
test('module – every function – is never answered from the cache', (t) => {
  for (const { name, cache } of found.functions) t.is(cache, 'never', name);
});

test('module – public names – have no digits and are not reserved', (t) => {
  for (const { name, arguments: all } of found.functions) {
    for (const word of [name, ...all.map((argument) => argument.name)]) {
      t.regex(word, /^[a-z][A-Za-z]*$/);
      t.not(word, 'id');
    }
  }
});

test('module – what is secret – is a Secret and never a string', (t) => {
  const secret = /password|secret|token|accessKey|kubeconfig/i;
  for (const { arguments: all } of found.functions) {
    for (const { name, type } of all) {
      t.is(type === 'Secret', secret.test(name), name);
    }
  }
});

test('module – a folder from the checkout – leaves out what is large and never an input', (t) => {
  const folders = found.functions
    .flatMap((it) => it.arguments)
    .filter(({ type }) => type === 'Directory');
  t.true(folders.length > 0);
  for (const { ignore } of folders) {
    t.deepEqual(ignore, ['.git', '**/node_modules', '**/dist']);
  }
});

// UPDATE_DOCS=1 writes the page's tables anew.
test('docs/module.md – its tables – are the module’s own help', async (t) => {
  const file = join(ciFolder, '..', 'docs', 'module.md');
  const page = await readFile(file, 'utf8');
  const current = withTables(page, found);
  if (process.env.UPDATE_DOCS) await writeFile(file, current);
  else t.is(page, current);
  t.true(current.includes('| `verify-health` |'));
});

test('docs/module.md – its examples – use functions and arguments that there are', async (t) => {
  const page = await readFile(join(ciFolder, '..', 'docs', 'module.md'), 'utf8');
  const calls = [...page.replaceAll('\\\n', ' ').matchAll(/^dagger call ([a-z-]+)(.*)$/gm)];
  t.true(calls.length >= 3);
  for (const [line, name, rest = ''] of calls) {
    const called = found.functions.find((it) => kebab(it.name) === name);
    t.truthy(called, line);
    const known = new Set(called?.arguments.map((it) => `--${kebab(it.name)}`));
    // What follows a function of a container belongs to that one.
    const [own = ''] = rest.split(/ export /);
    for (const [flag] of own.matchAll(/--[a-z-]+/g)) t.true(known.has(flag), `${name} ${flag}`);
  }
});
