import type { SqlValue } from '@whatsthecraic/platform/database';
import type { SortKey } from '@whatsthecraic/platform/page';
import { escapeLike } from '@whatsthecraic/platform/sql';
import { isIndexed, wordsIn } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';

/** What parts words, as the full-text index and `wordsIn` have it; both servers' patterns know it. */
const BETWEEN = '[^\\p{L}\\p{M}\\p{N}_]+';

/** A text with a blank before, between and after its words, and nothing else. */
const plain = (sql: string) => `REGEXP_REPLACE(CONCAT_WS(' ', '', ${sql}, ''), ?, ' ')`;

/**
 * A condition that the words of a search which a full-text index holds are in the title or the
 * description, without that index: for a few rows that are at hand. Finds what the index would.
 */
export function withWords(q: string): { sql: string; values: readonly SqlValue[] } {
  const words = wordsIn(q).filter(isIndexed).map(escapeLike);
  const cheap = words.map(() => "CONCAT_WS(' ', e.title, e.description) LIKE ?");
  const exact = words.map(() => `${plain('e.title, e.description')} LIKE ?`);
  return {
    sql: [...cheap, ...exact].join(' AND '),
    values: [...words.map((word) => `%${word}%`), ...words.flatMap((it) => [BETWEEN, `% ${it}%`])],
  };
}

/**
 * How well a title fits the words of a search, from 0, and then how soon the event is: one text, which
 * sorts as both do. It depends on nothing but the row, so pages fit together whatever else is written.
 */
export function relevanceOf(q: string): SortKey {
  const words = wordsIn(q).map(escapeLike);
  const title = plain('e.title');
  const all = (pattern: (word: string) => string) => ({
    sql: words.map(() => `${title} LIKE ?`).join(' AND '),
    values: words.flatMap((word) => [BETWEEN, pattern(word)]),
  });
  const one = (pattern: string) => ({ sql: `${title} LIKE ?`, values: [BETWEEN, pattern] });
  const phrase = ` ${words.join(' ')} `;
  const begun = all((word) => `% ${word}%`);
  const fits = [one(phrase), one(`%${phrase}%`), all((word) => `% ${word} %`)];
  return {
    sql: `CONCAT(CASE WHEN NOT (${begun.sql}) THEN 4
      ${fits.map(({ sql }, at) => `WHEN ${sql} THEN ${at}`).join(' ')} ELSE 3 END,
      DATE_FORMAT(e.starts_at, ' %Y-%m-%dT%H:%i:%s.%f'))`,
    values: [...begun.values, ...fits.flatMap(({ values }) => values)],
    schema: z.string().regex(/^[0-4] \d{4}-\d\d-\d\dT[\d:.]{15}$/),
  };
}
