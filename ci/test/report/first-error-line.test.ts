import test from 'ava';
import { firstErrorLine } from '../../src/report/first-error-line.ts';

const of = (log: readonly string[], message = 'the container exited with code 1') =>
  firstErrorLine({ message, evidence: { service: 'dj-service', log, warnings: [] } });

test('first error line – a log of words – is the first that tells of an error', (t) => {
  t.is(of(['starting', '  FATAL missing DB_HOST', 'error: again']), 'FATAL missing DB_HOST');
});

test('first error line – a log of pino’s JSON – is its words alone', (t) => {
  const line = { level: 60, time: 1, msg: 'cannot start', err: { message: 'no DB_HOST' } };
  t.is(of(['{"level":30,"msg":"hello"}', JSON.stringify(line)]), 'cannot start: no DB_HOST');
  t.is(of(['{"level":50,"time":1}']), '{"level":50,"time":1}');
});

test('first error line – nothing in the log, or no log – is the verdict’s first line', (t) => {
  t.is(of(['starting'], 'no node takes the pod\nInsufficient memory'), 'no node takes the pod');
  t.is(firstErrorLine({ message: 'is paused' }), 'is paused');
});
