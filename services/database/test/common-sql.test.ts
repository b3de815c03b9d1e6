import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { differingSql, findDiffering } from './helpers/differing-sql.ts';

const services = fileURLToPath(new URL('../../', import.meta.url));

/** SQL in a program stands in its string literals; the words around them are not SQL. */
const literalsOf = (source: string) =>
  (source.match(/`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/gs) ?? []).filter(
    (text) => /\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|LIMIT|CREATE|ALTER|JOIN)\b/.test(text),
  );

for (const { construct, example } of differingSql) {
  test(`common-sql – ${construct} – is found`, (t) => {
    t.true(findDiffering(example).includes(construct));
  });
}

test('common-sql – migrations and all statements of the services – hold nothing that MySQL and MariaDB take differently', async (t) => {
  let files = 0;
  for await (const file of glob('*/{migrations/*.sql,src/**/*.ts}', { cwd: services })) {
    const text = await readFile(`${services}${file}`, 'utf8');
    const parts = file.endsWith('.sql') ? [text] : literalsOf(text);
    files += 1;
    for (const part of parts)
      t.deepEqual(findDiffering(part), [], `${file}: ${part.slice(0, 120)}`);
  }
  t.true(files > 20);
});
