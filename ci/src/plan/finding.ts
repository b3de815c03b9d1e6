import { codeOf } from '../errors.ts';

/** Something that a person should know before a deploy. */
export interface Finding {
  readonly code: string;
  /** What it is, and what to do about it; may have several lines. */
  readonly message: string;
}

/**
 * Does a part of the plan. If that fails for a reason that the pipeline knows, the reason becomes an
 * obstacle and the plan goes on without the part, so that a person sees everything at once.
 */
export async function attempt<T>(
  obstacles: Finding[],
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    // Nothing was asked of anybody yet: such a call is answered like any other wrong one.
    if (code === undefined || code === 'ARGUMENT_INVALID') throw error;
    obstacles.push(findingOf(error as Error & { code: string }));
    return undefined;
  }
}

/** What a known error says, as a part of a plan. */
export const findingOf = ({ code, message }: Error & { readonly code: string }): Finding => ({
  code,
  message: message.replace(/\n*^code: [A-Z_]+$/gm, '').trimEnd(),
});
