import { type Conditions, escapeLike } from './sql.ts';

/** A user's words as a full-text search can take them. */
export interface TextQuery {
  /** For `MATCH … AGAINST (? IN BOOLEAN MODE)`: every word, also as the beginning of a longer one. */
  readonly boolean: string | undefined;
  /** For `LIKE ?` on a text with a blank before it: words that a full-text index does not hold. */
  readonly likes: readonly string[];
}

/** innodb_ft_min_token_size is 3 on both servers: shorter words are in no index. */
const SHORTEST = 3;

/** InnoDB's own list (INFORMATION_SCHEMA.INNODB_FT_DEFAULT_STOPWORD): these are in no index either. */
const STOP_WORDS = new Set(
  `a about an are as at be by com de en for from how i in is it la of on or that the this to was
  what when where who will with und www`.split(/\s+/),
);

/** The words of a text, each once. Everything but letters, marks and digits parts them. */
export const wordsIn = (text: string): readonly string[] => [
  ...new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu)),
];

/** Whether a full-text index holds a word. */
export const isIndexed = (word: string): boolean =>
  [...word].length >= SHORTEST && !STOP_WORDS.has(word);

/**
 * What of a text can be searched by index, and what must be looked for by pattern. No sign is left:
 * `+-*"()~<>@` are operators of the boolean mode.
 */
export function parseTextQuery(text: string): TextQuery {
  const distinct = wordsIn(text);
  const indexed = distinct.filter(isIndexed);
  const rest = distinct.filter((word) => !isIndexed(word));
  // "The" or the s of "Whelan's" say nothing beside a real word; alone they are all there is.
  const needed = indexed.length > 0 ? rest.filter(isTelling) : rest;
  return {
    boolean: indexed.length > 0 ? indexed.map((word) => `+${word}*`).join(' ') : undefined,
    likes: needed.map((word) => `% ${escapeLike(word)}%`),
  };
}

/** A condition that all words of a text are in these columns, which one full-text index covers. */
export function addTextCondition(
  where: Conditions,
  columns: readonly string[],
  text: string,
): void {
  const { boolean, likes } = parseTextQuery(text);
  const list = columns.join(', ');
  if (boolean) where.add(`MATCH (${list}) AGAINST (? IN BOOLEAN MODE)`, boolean);
  for (const like of likes) where.add(`CONCAT_WS(' ', '', ${list}) LIKE ?`, like);
}

const isTelling = (word: string) => word.length > 1 && !STOP_WORDS.has(word);
