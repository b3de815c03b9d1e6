import test from 'ava';
import { parseFormat, required, soakSeconds } from '../src/arguments.ts';
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
