import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { registryCures } from '../../src/registry/registry-error.ts';
import { codeMeanings } from '../../src/rollout/verdict-codes.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const file = join(root, 'docs', 'errors.md');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const verdicts = table(
  ['code', 'cause', 'what proves it', 'cure'],
  Object.entries(codeMeanings).map(([code, { says, proof, cure = '' }]) => [
    ...[`\`${code}\``, says, proof],
    cure.replaceAll('|', '\\|'),
  ]),
);

const registries = table(
  ['code', 'cure'],
  Object.entries(registryCures).map(([code, cure]) => [`\`${code}\``, `${cure}.`]),
);

const withTable = (page: string, source: string, content: string): string =>
  page.replace(
    new RegExp(`(<!-- from ${source}: begin -->\n).*?(<!-- end -->)`, 's'),
    (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`,
  );

// UPDATE_DOCS=1 writes the page's tables anew.
test('docs/errors.md – the tables of verdicts and registries – are the code’s own', (t) => {
  const page = readFileSync(file, 'utf8');
  const current = withTable(
    withTable(page, 'ci/src/rollout/verdict-codes.ts', verdicts),
    'ci/src/registry/registry-error.ts',
    registries,
  );
  if (process.env.UPDATE_DOCS) writeFileSync(file, current);
  else t.is(page, current);
  t.true(current.includes('`REGISTRY_DENIED`') && current.includes('`CRASHED`'));
});

/** Codes as they stand in the sources, in any of the ways in which an error gets one. */
const patterns = [
  /(?:readonly |override )?code(?:: [^=\n;]+)? = '([A-Z]+(?:_[A-Z]+)+)'/g,
  /(?:PipelineError|CannotCall|finding)\(\s*'([A-Z]+(?:_[A-Z]+)+)'/g,
  /\bcode: '([A-Z]+(?:_[A-Z]+)+)'/g,
  /^ {2}\| '([A-Z]+(?:_[A-Z]+)+)';?$/gm,
];

const files = globSync(
  ['ci/src/**/*.ts', 'local/*.ts', 'local/{aws,engine,images,kubernetes,mariadb,sources}/*.ts'],
  {
    cwd: root,
  },
);
const used = new Set(
  files.flatMap((path) => {
    const text = read(path);
    return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code = '']) => code));
  }),
);

test('docs/errors.md – every code that the sources can end with – is on the page', (t) => {
  const page = readFileSync(file, 'utf8');
  t.true(used.size > 50);
  t.deepEqual([...used].filter((code) => !page.includes(`\`${code}\``)).toSorted(), []);
});

test('docs/errors.md – every code on the page – is one of the sources', (t) => {
  const page = readFileSync(file, 'utf8');
  const all = files.map(read).join('\n');
  const told = [...page.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[A-Z_]+/g) ?? [],
  );
  t.true(told.length > 60);
  t.deepEqual(
    told.filter((code) => !new RegExp(`\\b${code}\\b`).test(all)),
    [],
  );
});
