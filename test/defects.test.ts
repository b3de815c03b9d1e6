import { globSync, readFileSync } from 'node:fs';
import test from 'ava';

/**
 * What went wrong in the site that this one follows, by the numbers under which it was found: those that
 * concern accounts, directories, the marketplace, the gateway and what they share.
 */
const numbers = [
  ...[
    'A-1',
    'A-2',
    'A-3',
    'A-4',
    'A-6',
    'A-7',
    'A-8',
    'A-9',
    'A-12',
    'A-13',
    'A-14',
    'A-15',
    'A-18',
  ],
  ...['A-20', 'A-21', 'A-22', 'A-23', 'A-24', 'A-26'],
  ...[
    'B-1',
    'B-6',
    'B-13',
    'B-15',
    'B-16',
    'B-18',
    'B-19',
    'B-22',
    'B-25',
    'B-27',
    'B-28',
    'B-29',
    'B-30',
  ],
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
