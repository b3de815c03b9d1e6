import { gzipSync } from 'node:zlib';

/** Quotes a word for POSIX sh. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argv as one line of POSIX sh. */
export const commandLine = (argv: readonly string[]): string => argv.map(quote).join(' ');

/** A text of any size and content as one word of POSIX sh: gzip, then base64. */
export const pack = (text: string): string =>
  quote(gzipSync(text, { level: 9 }).toString('base64'));

/** A pipeline of POSIX sh that prints `text`; text of any size and content survives it. */
export const printCommand = (text: string): string =>
  `printf %s ${pack(text)} | base64 -d | gunzip`;
