import test from 'ava';
import { failure } from '../../src/engine/failure.ts';
import { readable } from '../../src/engine/readable.ts';
import { PipelineError } from '../../src/errors.ts';
import { ImagesFailed } from '../../src/images/images-failed.ts';
import { importSdk } from './helpers/sdk.ts';

interface SdkErrors {
  ExecError: new (message: string, options: object) => Error;
  UnknownDaggerError: new (message: string, options: object) => Error;
}

const textOf = (error: unknown): string => {
  try {
    return failure(error);
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

test('failure – an error of the pipeline – keeps its text with one code at the end', (t) => {
  const error = new PipelineError('OVERLAY_UNKNOWN', 'There is none.', { cure: 'Give another.' });
  t.is(textOf(error), 'There is none.\nGive another.\ncode: OVERLAY_UNKNOWN');
});

test('failure – errors inside of an error – are named once, by the outer code', (t) => {
  const reason = (text: string) => new PipelineError('IMAGE_BUILD_FAILED', text);
  const error = new ImagesFailed(
    [
      { service: 'ml-service', reason: reason('tsc: error TS2322') },
      { service: 'dj-service', reason: reason('no space left') },
    ],
    [],
  );
  t.is(
    textOf(error),
    '2 of 2 images failed\nml-service: tsc: error TS2322\ndj-service: no space left\ncode: IMAGES_FAILED',
  );
});

test('failure – an error of the SDK – is the engine’s, with the program’s own output', async (t) => {
  const { ExecError, UnknownDaggerError } = await importSdk<SdkErrors>('./common/errors/index.js');
  const exec = new ExecError('exit code: 2', { cmd: [], exitCode: 2, stderr: 'npm error 404\n' });
  t.is(textOf(exec), 'npm error 404\ncode: ENGINE_FAILED');
  const unknown = new UnknownDaggerError('no answer', {});
  t.is(textOf(unknown), 'no answer\ncode: ENGINE_FAILED');
});

test('failure – what nobody foresaw – says where it came from', (t) => {
  const text = textOf(new TypeError('undefined is not iterable'));
  t.regex(text, /^undefined is not iterable\n +at .*failure\.test\.ts.*\ncode: INTERNAL_ERROR$/);
  const missing = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', stack: '' });
  t.is(textOf(missing), 'ENOENT: no such file\ncode: INTERNAL_ERROR');
  for (const code of ['ERR_INVALID_URL', 'ABORT_ERR', 'UND_ERR_SOCKET', 'EAI_AGAIN', 'E2BIG']) {
    const error = Object.assign(new Error('no'), { code, stack: '' });
    t.is(textOf(error), 'no\ncode: INTERNAL_ERROR', code);
  }
  t.is(textOf('just a text'), 'just a text\ncode: INTERNAL_ERROR');
  t.is(textOf(undefined), 'undefined\ncode: INTERNAL_ERROR');
});

test('failure – log lines that look like a code – stay', (t) => {
  const error = new PipelineError('UNHEALTHY', 'its log:\n    code: EACCES');
  t.is(textOf(error), 'its log:\n    code: EACCES\ncode: UNHEALTHY');
});

test('readable – an engine’s error – has no kilobytes of ids and at most thirty lines', (t) => {
  const id = 'Ab1+/'.repeat(100);
  t.is(readable(new Error(`failed to load ${id}: not found`)), 'failed to load …: not found');
  const long = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
  t.is(readable({ stderr: `${long}\n` }).split('\n').length, 30);
  t.is(
    readable({ stderr: `${long}\n` })
      .split('\n')
      .at(-1),
    'line 99',
  );
});
