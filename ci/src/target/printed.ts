import type { KubectlOutput } from './target.ts';

// ASCII's own separators: no Kubernetes string holds them.
const unit = '\x1f';
const record = '\x1e';
const group = '\x1d';

/** Which objects of a list, as jsonpath has it, and which fields of each. */
export type Wanted = readonly [which: string, fields: readonly string[]];

/** Asks for fields of the objects of a list, in groups, each to be read by `records`. */
export const jsonPathOf = (...wanted: readonly Wanted[]): string =>
  `jsonpath=${wanted.map(([which, fields]) => each(`.items[${which}]`, fields)).join('{"\\x1d"}')}`;

const each = (path: string, fields: readonly string[]): string => {
  const cells = fields.map((field) => `{${field}}`).join('{"\\x1f"}');
  return `{range ${path}}${cells}{"\\x1e"}{end}`;
};

/** Asks for these fields of all that lies at a path of one object, to be read by `records`. */
export const jsonPathIn = (path: string, fields: readonly string[]): string =>
  `jsonpath=${each(path, fields)}`;

/** Asks for these fields of every object of a list, to be read by `records`. */
export const jsonPath = (fields: readonly string[]): string => jsonPathOf(['*', fields]);

/** The groups that `jsonPathOf` asked for. */
export const groups = (text: string): string[] => text.split(group);

/** The cells of each object that `jsonPath`, or a group of `jsonPathOf`, asked for. */
export const records = (text: string): string[][] =>
  text
    .split(record)
    .filter((line) => line !== '')
    .map((line) => line.split(unit));

/** What a failed call says of itself; one that was killed at its limit said nothing. */
export const saidBy = (output: KubectlOutput | undefined): string =>
  output?.stderr.trim() || `kubectl ended with exit code ${output?.exitCode} and said nothing`;
