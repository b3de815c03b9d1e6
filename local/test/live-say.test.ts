import { PassThrough } from 'node:stream';
import test from 'ava';
import { createLiveSay, type Terminal } from '../live-say.ts';

/** A stream that remembers what was written; with columns it is a terminal. */
function stream(columns?: number) {
  const written: string[] = [];
  const through = new PassThrough();
  through.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')));
  const shape = columns === undefined ? {} : { isTTY: true, columns, rows: 24 };
  return { terminal: Object.assign(through, shape) as Terminal, written };
}

const code = '\u001b';

test('live say – a log – one plain line for each change, no codes of a terminal', (t) => {
  const { terminal, written } = stream();
  const { say, end } = createLiveSay(terminal);
  say('applied; watching the rollouts');
  say('dj-service: 0 of 1 new pods available');
  say('dj-service: 1 of 1 pods ready');
  end();
  t.is(written.length, 3);
  t.regex(written[1] ?? '', /^ +\d+\.\d s {2}dj-service: 0 of 1 new pods available\n$/);
  t.false(written.join('').includes(code));
});

test('live say – a terminal – a service’s line takes the place of the one before it', (t) => {
  const { terminal, written } = stream(60);
  let time = 0;
  const { say, end } = createLiveSay(terminal, { now: () => time });
  t.teardown(end);
  say('dj-service: 0 of 1 new pods available');
  say(`venue-service: ${'x'.repeat(200)}`);
  time = 4_000;
  say('dj-service: 1 of 1 pods ready');
  const last = written.join('').split('\n').slice(-3).join('\n');
  t.regex(last, /dj-service {8}0 s {2}1 of 1 pods ready/);
  t.regex(last, /venue-service {5}4 s {2}x+…/);
  t.false(last.includes('0 of 1'));
});

test('live say – a terminal – what is about no service stays above', (t) => {
  const { terminal, written } = stream(60);
  const { say, end } = createLiveSay(terminal);
  t.teardown(end);
  say('ml-service: building src-1f2e');
  say('applied; watching the rollouts');
  const all = written.join('');
  t.true(all.lastIndexOf('ml-service') > all.lastIndexOf('applied; watching'));
  t.regex(all, /\d\.\d s {2}applied; watching the rollouts\n/);
});
