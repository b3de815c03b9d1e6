import { globSync, readFileSync } from 'node:fs';
import test from 'ava';

/**
 * What went wrong in the site that this one follows, by the numbers under which it was found: those that
 * concern accounts, directories, the marketplace, recommendations, the gateway, the sources
 * of events and what they share.
 */
const numbers = [
  ...numbered(
    'A',
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27],
  ),
  ...numbered('B', oneTo(30)),
  ...numbered('C', oneTo(7)),
  ...numbered('E', oneTo(13)),
];
const rows = Array.from({ length: 10 }, (_, index) => `OWASP API${index + 1}:2023`);

const titles = globSync(['{services/*,k8s}/test/**/*.test.ts'], {
  exclude: ['**/node_modules'],
}).flatMap((file) => readFileSync(file, 'utf8').match(/\btest(?:\.serial)?\(\s*['`][^'`]+/g) ?? []);

test('defects – each known one, and each row of OWASP’s list – has a test that bears its number', (t) => {
  const without = [...numbers.map((number) => `7.${number}`), ...rows].filter(
    (number) =>
      !titles.some((title) => new RegExp(`${number.replaceAll('.', '\\.')}\\b`).test(title)),
  );
  t.deepEqual(without, []);
});

function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

function numbered(letter: string, found: readonly number[]): string[] {
  return found.map((number) => `${letter}-${number}`);
}
