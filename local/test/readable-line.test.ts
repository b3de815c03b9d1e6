import test from 'ava';
import { createLog } from '../../services/platform/src/log.ts';
import { isNews } from '../dev/ingestion.ts';
import { createPrinter } from '../dev/printer.ts';
import { type Paint, readableLine } from '../dev/readable-line.ts';

const plain: Paint = (_style, text) => text;
const marked: Paint = (style, text) => `<${style}>${text}</>`;

/** What a service really logs. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let line = '';
  const destination = {
    write: (text: string) => {
      line += text;
    },
  };
  write(createLog({ service: 'dj-service', level: 'debug', destination }));
  return line.trimEnd();
}

test('readableLine – a line of the log – time, level, message and fields', (t) => {
  const [line = '', ...more] = readableLine(
    logged((log) => log.warn({ port: 4000, detail: { a: 1 } }, 'it listens')),
    plain,
  );
  t.regex(line, /^\d\d:\d\d:\d\d\.\d{3} warn it listens port=4000 detail={"a":1}$/);
  t.deepEqual(more, []);
});

test('readableLine – a request – reads as one', (t) => {
  const fields = { method: 'GET', route: '/djs', path: '/djs?limit=1', status: 200, ms: 4.2 };
  const [line = ''] = readableLine(
    logged((log) => log.info(fields, 'request')),
    plain,
  );
  t.regex(line, /info GET \/djs\?limit=1 200 in 4.2 ms$/);
});

test('readableLine – an error – is followed by its stack', (t) => {
  const lines = readableLine(
    logged((log) => log.error({ err: new TypeError('no such deck') }, 'it failed')),
    plain,
  );
  t.regex(lines[0] ?? '', /error it failed$/);
  t.is(lines[1], 'TypeError: no such deck');
  t.regex(lines[2] ?? '', /^ {4}at /);
});

test('readableLine – no log line – stays as it is', (t) => {
  for (const line of ['', 'SyntaxError: here', '{"level":', '{"level":"info"']) {
    t.deepEqual(readableLine(line, plain), [line]);
  }
});

test('readableLine – a terminal – warnings and errors stand out', (t) => {
  const paint = (level: 'info' | 'warn' | 'error') =>
    readableLine(
      logged((log) => log[level]({}, 'x')),
      marked,
    )[0] ?? '';
  t.false(paint('info').includes('>info<'));
  t.true(paint('warn').includes('<yellow>warn</>'));
  t.true(paint('error').includes('<red>error</>'));
});

test('createPrinter – several lines – each behind the name of whose it is', (t) => {
  const lines: string[] = [];
  const printer = createPrinter(plain, (line) => lines.push(line));
  printer.service('dj-service', 'one');
  printer.say('two\nthree');
  t.deepEqual(lines, ['dj-service     | one', 'dev            | two', 'dev            | three']);
});

test('isNews – what a run of the ingestion logs – is told without each scope, and not if nothing was due', (t) => {
  const told = (msg: string, fields: object, level: 'info' | 'warn' = 'info') =>
    isNews(logged((log) => log[level](fields, msg)));

  t.false(told('source ingested', { source: 'dice', scope: 'Cork' }));
  t.false(told('ingestion done', { asked: 0 }));
  t.true(told('ingestion done', { asked: 3 }));
  t.true(told('source failed', { source: 'dice', scope: 'Cork' }, 'warn'));
  t.true(isNews('not ingested: Access denied'));
});
