import { readFileSync } from 'node:fs';

const file = new URL('../../data/common-passwords.txt', import.meta.url);
let known: ReadonlySet<string> | undefined;

/** Whether a password is one of those that are tried first (ASVS 5.0, 6.2.4). */
export function isCommonPassword(password: string): boolean {
  known ??= new Set(readFileSync(file, 'utf8').split('\n').filter(isWord));
  return known.has(password.toLowerCase());
}

const isWord = (line: string) => line !== '' && !line.startsWith('# ');
