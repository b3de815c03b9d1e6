import { codeOf } from '../errors.ts';
import { redact } from '../redact.ts';
import { readable } from './readable.ts';

/** Codes of the SDK's own errors: https://github.com/dagger/dagger/blob/v0.21.8/sdk/typescript/src/common/errors/errors-codes.ts */
const sdkCode = /^D\d{3}$/;

/** Lines by which errors name their codes, those inside of another's text among them. */
const codeLine = /\n*^code: [A-Z_]+$/gm;

/**
 * Ends a function with an error whose text is all that its caller gets to see: the whole message and
 * at its end one line with the code. What was unforeseen says where it came from.
 */
export function failure(error: unknown): never {
  const { code, message, stack } = Object(error) as Partial<Record<string, unknown>>;
  const said = typeof message === 'string' && message !== '' ? message : String(error);
  const end = (text: string, name: string) =>
    new Error(`${redact(text).replace(codeLine, '').trimEnd()}\ncode: ${name}`, { cause: error });
  const own = codeOf(error);
  if (own) throw end(said, own);
  if (typeof code === 'string' && sdkCode.test(code)) throw end(readable(error), 'ENGINE_FAILED');
  const place = /^ +at .*$/m.exec(typeof stack === 'string' ? stack : '')?.[0] ?? '';
  throw end([said, place].filter(Boolean).join('\n'), 'INTERNAL_ERROR');
}
