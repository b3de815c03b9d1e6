import { globSync } from 'node:fs';
import { basename, matchesGlob } from 'node:path';
import test from 'ava';
import { levels, order } from './levels.ts';
import { needsMachine } from './needs-machine.ts';

test('levels – every test file – is in exactly one step', (t) => {
  const steps = Object.values(levels).flat();
  const files = globSync('**/*.test.ts', { exclude: ['**/node_modules'] });
  t.true(files.length > 80);
  for (const file of files) {
    const running = steps.filter(
      (it) => it.counts && it.argv.some((arg) => matchesGlob(file, arg)),
    );
    t.is(running.length, 1, `${file}: ${running.map(({ name }) => name).join(', ') || 'no step'}`);
  }
});

test('order – every level – runs once', (t) => {
  t.deepEqual(order.flat(2).toSorted(), Object.keys(levels).toSorted());
});

test('levels – drills – are eight of those that there are', (t) => {
  const names = levels.drills?.[0]?.argv.at(-1)?.split(',') ?? [];
  const files = globSync('local/drill/drills/*.ts').map((file) => basename(file, '.ts'));
  t.is(new Set(names).size, 8);
  t.deepEqual(
    names.filter((name) => !files.includes(name)),
    [],
  );
});

for (const [file, expected] of [
  ['test/levels.test.ts', false],
  ['ci/test/rollout/judge.test.ts', false],
  ['services/platform/test/tokens.test.ts', false],
  ['ci/test/source/git.test.ts', true],
  ['ci/test/engine/push.test.ts', true],
  ['services/platform/test/health.test.ts', true],
  ['k8s/test/rules.test.ts', true],
  ['services/venue-service/test/venues.test.ts', true],
  ['test/path.test.ts', true],
] as const) {
  test(`needsMachine – ${file} – ${expected ? 'needs more than Node' : 'runs by Node alone'}`, (t) => {
    t.is(needsMachine(file), expected);
  });
}
