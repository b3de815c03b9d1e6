import { z } from 'zod';
import type { Queries } from './database.ts';
import { placeholders } from './sql.ts';

const idRow = z.object({ id: z.int() }).transform(({ id }) => id);

/** Numbers of the genres with these names or slugs, and of the genres that belong to them. */
export async function findGenreIds(
  queries: Queries,
  names: readonly string[],
): Promise<readonly number[]> {
  const list = placeholders(names);
  const sql = `SELECT g.id FROM genres g LEFT JOIN genres family ON family.id = g.parent_id
    WHERE g.name IN (${list}) OR g.slug IN (${list})
      OR family.name IN (${list}) OR family.slug IN (${list})`;
  const slugs = names.map(genreSlug);
  return queries.search(sql, [...names, ...slugs, ...names, ...slugs], idRow);
}

/** `Drum & Bass` as its slug would be written by somebody who guesses it. */
export const genreSlug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** Joined by what no name contains; see `genreList`. */
export const genresOf = (table: string, column: string, id: string) =>
  `(SELECT GROUP_CONCAT(g.name ORDER BY g.name SEPARATOR '|') FROM ${table} x
    JOIN genres g ON g.id = x.genre_id WHERE x.${column} = ${id})`;

/** The column that `genresOf` makes, as a list. */
export const genreList = z
  .string()
  .nullable()
  .transform((text) => text?.split('|') ?? []);
