import { runProcess } from '../ci/src/process.ts';
import { type Counts, countTests } from './count.ts';
import { levels, order, type Step } from './levels.ts';

/** Runs one step and prints a line for it; of a failed one, also what it said. */
async function runStep(step: Step): Promise<Counts> {
  const started = performance.now();
  const result = await runProcess(step.argv, {
    timeoutMs: 40 * 60_000,
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  const output = `${result.stdout}${result.stderr}`;
  const ok = result.exitCode === 0;
  const counts = step.counts
    ? countTests(output, result.exitCode)
    : { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const tests = step.counts ? `${counts.passed} passed, ${counts.failed} failed` : '';
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${step.name.padEnd(28)} ${seconds.padStart(7)} s  ${tests}`.trimEnd(),
  );
  if (!ok) console.log(`\n${relevant(output, step.counts)}\n`);
  return counts;
}

/** AVA lists every test and then, behind a rule, the failures at length. Of others it is the end that counts. */
function relevant(output: string, isAva: boolean): string {
  const rule = isAva ? output.indexOf('\n  ─') : -1;
  if (rule >= 0) return output.slice(rule).trim().split('\n').slice(0, 400).join('\n');
  // What ended before it could say why has said the most at its end.
  return output.trim().split('\n').slice(-400).join('\n');
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in levels));
if (unknown.length > 0) {
  console.error(
    `There is no level ${unknown.join(', ')}; choose from: ${Object.keys(levels).join(', ')}`,
  );
  process.exit(2);
}

const started = performance.now();
let passed = 0;
let failed = 0;
async function runLevel(name: string): Promise<void> {
  if (asked.length > 0 && !asked.includes(name)) return;
  for (const step of levels[name] ?? []) {
    const counts = await runStep(step);
    passed += counts.passed;
    failed += counts.failed;
  }
}

for (const row of order) {
  await Promise.all(
    row.map(async (names) => {
      for (const name of names) await runLevel(name);
    }),
  );
}
console.log(`\nin ${Math.round((performance.now() - started) / 1_000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
