import test from 'ava';
import { countTests } from './count.ts';

const closing = (lines: string) => `  ✔ some test\n  ─\n\n${lines}\n`;

test('countTests – all passed – counts them', (t) => {
  t.deepEqual(countTests(closing('  12 tests passed'), 0), { passed: 12, failed: 0 });
});

test('countTests – some failed, of which alone AVA speaks at its end – counts both', (t) => {
  const listed = '  ✔ one\n  ✔ two (1.2s)\n    ℹ ✔ a log line\n  ✘ [fail]: three\n';
  const run = `${listed}  ─\n\n  three\n\n  ─\n\n  1 test failed\n`;
  t.deepEqual(countTests(run, 1), { passed: 2, failed: 1 });
});

test('countTests – an exception outside of tests – is a failure', (t) => {
  t.deepEqual(countTests(closing('  1 uncaught exception'), 1), {
    passed: 1,
    failed: 1,
  });
});

test('countTests – a run that died without a word – is a failure', (t) => {
  t.deepEqual(countTests('Segmentation fault', 139), { passed: 0, failed: 1 });
});

test('countTests – the closing line of drills – counts both', (t) => {
  t.deepEqual(countTests('ok     wrong-tag\n\n7 passed, 1 failed\n', 1), { passed: 7, failed: 1 });
});
