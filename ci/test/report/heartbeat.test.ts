import test from 'ava';
import { createHeartbeat } from '../../src/report/heartbeat.ts';

function manual() {
  const said: string[] = [];
  let time = 0;
  let beat: (() => void) | undefined;
  const heartbeat = createHeartbeat((line) => said.push(line), {
    now: () => time,
    every: (_ms, each) => {
      beat = each;
      return () => {
        beat = undefined;
      };
    },
  });
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      time += 1_000;
      beat?.();
    }
  };
  return { ...heartbeat, said, pass };
}

test('heartbeat – a long wait – what is waited for is said each ten seconds', (t) => {
  const { say, pass, said } = manual();
  say('ml-service: building src-1f2e');
  pass(25);
  t.deepEqual(said, [
    'ml-service: building src-1f2e',
    'still at it after 10 s: ml-service: building src-1f2e',
    'still at it after 20 s: ml-service: building src-1f2e',
  ]);
});

test('heartbeat – something is said often enough – nothing is said twice', (t) => {
  const { say, pass, said } = manual();
  for (const line of ['a', 'b', 'c']) {
    say(line);
    pass(9);
  }
  t.deepEqual(said, ['a', 'b', 'c']);
});

test('heartbeat – before anything was said, and after its end – silent', (t) => {
  const { say, pass, said, hush } = manual();
  pass(60);
  t.deepEqual(said, []);
  say('a');
  hush();
  pass(60);
  t.deepEqual(said, ['a']);
});
