import test from 'ava';
import { workspaceDependencies } from '../../src/source/service-files.ts';
import { readSourceTree } from '../../src/source/source-tree.ts';
import { repository } from './repository.ts';

type Exports = Readonly<Record<string, { readonly source: string }>>;

/** The file that `services/tsconfig.build.json` finds for a specifier, from services/. */
function mapped(paths: Readonly<Record<string, readonly string[]>>, specifier: string) {
  for (const [pattern, [target = '']] of Object.entries(paths)) {
    const [before = '', after = ''] = pattern.split('*');
    const fits = specifier.length >= before.length + after.length;
    if (!fits || !specifier.startsWith(before) || !specifier.endsWith(after)) continue;
    const middle = specifier.slice(before.length, specifier.length - after.length);
    return target.replace('*', middle);
  }
  return undefined;
}

test('build configuration – each export that another package can import – is compiled along', async (t) => {
  const source = await readSourceTree(repository);
  const text = source.text('services/tsconfig.build.json').replace(/^\s*\/\/.*$/gm, '');
  const { paths } = JSON.parse(text).compilerOptions;
  const names = source.paths.flatMap(
    (path) => /^services\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
  );
  const imported = new Set(names.flatMap((name) => workspaceDependencies(source, name)));
  t.true(imported.has('platform'));
  for (const name of imported) {
    const manifest = JSON.parse(source.text(`services/${name}/package.json`));
    for (const [entry, target] of Object.entries(manifest.exports as Exports)) {
      const specifier = `@whatsthecraic/${name}${entry.slice(1)}`.replace('*', 'some');
      const expected = `./${name}/${target.source.slice(2)}`.replace('*', 'some');
      t.is(mapped(paths, specifier), expected, specifier);
    }
  }
});
