import { randomBytes } from 'node:crypto';
import { slug } from '../slug.ts';

const LONGEST = 100;

/** A name for a URL that nobody else has: the entry's own, and a few letters against namesakes. */
export function slugOf(...parts: readonly string[]): string {
  const readable = slug(...parts)
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  const unique = randomBytes(5).toString('hex');
  return readable ? `${readable}-${unique}` : unique;
}
