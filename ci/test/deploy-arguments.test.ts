import test from 'ava';
import { parseBy, parseFormat, parseWait, required, soakSeconds } from '../src/arguments.ts';
import { PipelineError } from '../src/errors.ts';
import { findService } from '../src/services.ts';

const invalid = { instanceOf: PipelineError, message: /code: ARGUMENT_INVALID$/ };

test('soakSeconds – not given – a minute in production, a moment elsewhere', (t) => {
  t.is(soakSeconds(undefined, 'production'), 60);
  t.is(soakSeconds(undefined, 'local'), 5);
});

test('soakSeconds – given – taken, 0 and 3600 included, whatever the overlay', (t) => {
  for (const soak of [0, 1, 3_600]) t.is(soakSeconds(soak, 'production'), soak);
});

test('soakSeconds – no whole seconds from 0 to 3600 – refused', (t) => {
  for (const soak of [-1, 3_601, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => soakSeconds(soak, 'local'), invalid);
  }
});

test('parseFormat – text, json, anything else – taken or refused by name', (t) => {
  t.is(parseFormat('text'), 'text');
  t.is(parseFormat('json'), 'json');
  for (const format of ['', 'JSON', 'yaml']) t.throws(() => parseFormat(format), invalid);
});

test('required – absent or empty – names the flag and why; anything else passes', (t) => {
  t.is(required(0, '--n', 'why'), 0);
  const error = { ...invalid, message: /^--registry is missing: why\.\n/ };
  t.throws(() => required(undefined, '--registry', 'why.'), error);
  t.throws(() => required('', '--registry', 'why.'), error);
});

test('findService – unknown – says which there are', (t) => {
  t.is(findService('dj-service').port, 4002);
  t.throws(() => findService('dj'), {
    instanceOf: PipelineError,
    message: /no service "dj"\.\nChoose one of: aggregator, auth-service,/,
  });
});

test('parseWait – whole seconds up to an hour – taken; anything else refused', (t) => {
  for (const wait of [0, 90, 3_600]) t.is(parseWait(wait), wait);
  for (const wait of [-1, 3_601, 0.5, Number.NaN]) t.throws(() => parseWait(wait), invalid);
});

test('parseBy – a name, an address of a run, nothing – as they are', (t) => {
  t.is(
    parseBy(' Ó Briain, https://github.com/a/b/actions/runs/7 '),
    'Ó Briain, https://github.com/a/b/actions/runs/7',
  );
  t.is(parseBy('  '), undefined);
  t.is(parseBy(undefined), undefined);
});

test('parseBy – several lines, control characters, a whole page – refused', (t) => {
  for (const by of ['a\nb', 'a\u001b[31m', 'x'.repeat(201)]) t.throws(() => parseBy(by), invalid);
});
