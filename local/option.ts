/** What stands on the command line cannot be used. */
export class OptionInvalid extends Error {
  override readonly name = 'OptionInvalid';
  readonly code = 'OPTION_INVALID';
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Reads a whole number; `name` is how the user gave it. */
export function wholeNumber(name: string, text: string, { min, max }: Range): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new OptionInvalid(
    `${name} ${JSON.stringify(text)} is not possible: give a whole number from ${min} to ${max}`,
  );
}

/** Reads the port of the site. */
export const portOption = (text: string): number =>
  wholeNumber('PORT', text, { min: 1, max: 65_535 });

/** Reads a choice that is made by 1. */
export function switchOption(name: string, text: string): boolean {
  if (text === '1') return true;
  if (text === '' || text === '0') return false;
  throw new OptionInvalid(
    `${name} ${JSON.stringify(text)} is not possible: give 1, or leave it out`,
  );
}
