import test from 'ava';
import fc from 'fast-check';
import { collectEvidence, recordedEvidence } from '../../src/rollout/evidence.ts';
import { firstError, trimLog } from '../../src/rollout/trim-log.ts';
import type { Verdict } from '../../src/rollout/verdict.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { backOff, ready, rollout } from './cluster.ts';

const size = (lines: readonly string[]): number => Buffer.byteLength(lines.join('\n'), 'utf8');
const anyLine = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 900 }), fc.constant('ok'));

test('trimLog – any text and budget – never more, and the first error stays', (t) => {
  const input = fc.tuple(
    fc.array(anyLine, { maxLength: 120 }),
    fc.nat(120),
    fc.integer({ min: 1_000, max: 9_000 }),
  );
  fc.assert(
    fc.property(input, ([lines, at, budget]) => {
      const text = lines.toSpliced(at, 0, 'FATAL missing DB_HOST').join('\n');
      const shown = trimLog(text, budget);
      t.true(size(shown) <= budget, `${size(shown)} of ${budget}`);
      const first = firstError(text.split('\n').filter((line) => line.trim() !== '')) ?? '';
      t.true(shown.some((line) => line.slice(0, 500) === first.trimEnd().slice(0, 500)));
    }),
    { numRuns: 200 },
  );
});

test('trimLog – a long log – its beginning, its error, its end, and how much is left out', (t) => {
  const lines = Array.from({ length: 300 }, (_, n) => `line ${n} ${'.'.repeat(50)}`);
  lines[150] = 'Error: the decks are on fire';
  const shown = trimLog(lines.join('\n'), 3_000);
  t.regex(shown[0] ?? '', /^line 0 /);
  t.regex(shown.at(-1) ?? '', /^line 299 /);
  t.true(shown.includes('Error: the decks are on fire'));
  const left = shown.flatMap((line) => /^… (\d+) lines left out …$/.exec(line)?.[1] ?? []);
  t.is(left.map(Number).reduce((sum, it) => sum + it, 0) + shown.length - left.length, 300);
});

const crashed: Verdict = {
  service: 'dj-service',
  state: 'failed',
  code: 'CRASHED',
  message: 'the container exited with code 1 2 times',
  pod: 'dj-service-new-0',
  container: 'app',
};

const flood = Array.from({ length: 900 }, (_, n) => `${n} ünïcödé ${'x'.repeat(2_000)}`).join('\n');
const probe = JSON.stringify({
  httpGet: { path: '/health', port: 'http' },
  periodSeconds: 2,
  timeoutSeconds: 5,
});

async function collect(log: string) {
  const of = rollout('dj-service', { newPods: [backOff({ code: 1 }, 2)], oldPods: [ready()] });
  const warnings = Array.from({ length: 60 }, (_, n) => ({
    ...{ object: 'Pod/dj-service-new-0', reason: 'Unhealthy', count: 1, lastSeen: `${n}` },
    message: `${n} ${'y'.repeat(2_000)}`,
  }));
  const target = fakeTarget(fakeClock(), {
    cluster: () => of,
    log: () => log,
    pod: `app\x1f\x1f\x1f${probe}\x1f{"memory":"192Mi"}\x1e`,
    nodes: `node\x1f[{"type":"Ready","status":"True"},{"type":"DiskPressure","status":"True","message":"kubelet has disk pressure"}]\x1e`,
  });
  const [evidence] = await collectEvidence(target, [crashed], { ...of, warnings });
  if (!evidence) throw new Error('no evidence');
  return evidence;
}

test('collectEvidence – floods from everywhere – at most 15 kB, a record at most 5', async (t) => {
  const evidence = await collect(flood);
  t.true(Buffer.byteLength(JSON.stringify(evidence)) <= 15_000 * 1.1);
  t.true(Buffer.byteLength(JSON.stringify(recordedEvidence(evidence))) <= 5_000);
});

test('collectEvidence – a pod – its state, probes, limits and the trouble of the node', async (t) => {
  const { facts, otherLog } = await collect('FATAL missing DB_HOST');
  t.deepEqual(facts, [
    'container app: waiting (CrashLoopBackOff), 2 restarts; before that ended with exit code 1 (Error)',
    'readiness probe of app: GET :http/health each 2 s, 5 s at most, fails after 3',
    'limits of app: {"memory":"192Mi"}',
    'node node: DiskPressure is True: kubelet has disk pressure',
  ]);
  t.deepEqual(otherLog, ['FATAL missing DB_HOST']);
});
