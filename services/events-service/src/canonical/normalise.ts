/**
 * A title or a name as words that can be compared: without case, signs and the marks of Latin letters,
 * so that Róisín is Roisin. Other scripts keep theirs, and what is nothing but signs stays as it is.
 */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/['’‘`´]/g, '');
  const words = plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length === 0) return [text.trim().toLowerCase()];
  return joinInitials(words);
}

/** `D.C.` and `DC` are one word. */
function joinInitials(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let initials = '';
  for (const word of words) {
    if ([...word].length === 1 && /\p{L}/u.test(word)) {
      initials += word;
      continue;
    }
    if (initials) joined.push(initials);
    initials = '';
    joined.push(word);
  }
  if (initials) joined.push(initials);
  return joined;
}

/** What an artist's name is found by; `undefined` for one without any sign. */
export const artistSlug = (name: string): string => wordsOf(name).join('-').slice(0, 160);
