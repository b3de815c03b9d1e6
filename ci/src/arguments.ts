import { PipelineError } from './errors.ts';

/** How a result is written: for people, or as JSON for programs. */
export type Format = 'text' | 'json';

export function parseFormat(text: string): Format {
  if (text === 'text' || text === 'json') return text;
  throw invalid('--format', text, 'Give text or json.');
}

/** Seconds of the soak: production is watched for a minute, anything else for a moment. */
export function soakSeconds(soak: number | undefined, overlay: string): number {
  if (soak === undefined) return overlay === 'production' ? 60 : 5;
  if (Number.isInteger(soak) && soak >= 0 && soak <= 3_600) return soak;
  throw invalid('--soak', String(soak), 'Give whole seconds from 0 to 3600.');
}

/** Seconds to wait for somebody else. */
export function parseWait(wait: number): number {
  if (Number.isInteger(wait) && wait >= 0 && wait <= 3_600) return wait;
  throw invalid('--wait', String(wait), 'Give whole seconds from 0 to 3600.');
}

/** Who asks, as one line of bounded length; it is shown to others. */
export function parseBy(by: string | undefined): string | undefined {
  const text = by?.trim();
  if (!text) return undefined;
  if (text.length <= 200 && /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(text)) return text;
  throw invalid('--by', text.slice(0, 60), 'Give one line of at most 200 characters.');
}

/** Throws unless the value is there; `flag` is how the user gives it. */
export function required<T>(value: T | undefined, flag: string, why: string): T {
  if (value !== undefined && value !== '') return value;
  throw new PipelineError('ARGUMENT_INVALID', `${flag} is missing: ${why}`);
}

export function invalid(flag: string, value: string, cure: string): PipelineError {
  return new PipelineError(
    'ARGUMENT_INVALID',
    `${flag} ${JSON.stringify(value)} is not possible.`,
    {
      cure,
    },
  );
}
