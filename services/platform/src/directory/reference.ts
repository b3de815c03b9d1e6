import { z } from 'zod';
import type { Queries } from '../database.ts';
import { type FieldError, InvalidRequest } from '../errors.ts';
import { genreSlug } from '../genre-names.ts';
import { placeholders } from '../sql.ts';
import { idColumn, type Subject, tableOf } from './subject.ts';

const named = z.object({ name: z.string() }).transform(({ name }) => name);
const genre = z.object({ id: z.int(), name: z.string(), slug: z.string() });

/** A city as the directory spells it; an unknown one is told with those that are known. */
export async function requireCity(queries: Queries, city: string): Promise<string> {
  const [known] = await queries.query('SELECT name FROM cities WHERE name = ?', [city], named);
  if (known !== undefined) return known;
  const all = await queries.query('SELECT name FROM cities ORDER BY name', [], named);
  throw unknown('body.city', city, all);
}

/** The numbers of exactly these genres, by name or slug. */
export async function requireGenres(
  queries: Queries,
  names: readonly string[],
): Promise<readonly number[]> {
  return [...new Set((await findGenres(queries, names)).map(({ id }) => id))];
}

/** These genres as the directory spells them. */
export async function requireGenreNames(
  queries: Queries,
  names: readonly string[],
): Promise<readonly string[]> {
  return [...new Set((await findGenres(queries, names)).map((it) => it.name))];
}

async function findGenres(queries: Queries, names: readonly string[]) {
  if (names.length === 0) return [];
  const slugs = names.map(genreSlug);
  const list = placeholders(names);
  const sql = `SELECT id, name, slug FROM genres WHERE name IN (${list}) OR slug IN (${list})`;
  const found = await queries.search(sql, [...names, ...slugs], genre);
  const same = new Intl.Collator('en', { sensitivity: 'base' });
  const matches = names.map((name, index) =>
    found.find((it) => it.slug === slugs[index] || same.compare(it.name, name) === 0),
  );
  const missing = names.find((_, index) => matches[index] === undefined);
  if (missing !== undefined) {
    const all = await queries.query('SELECT name FROM genres ORDER BY name', [], named);
    throw unknown('body.genres', missing, all);
  }
  return matches.filter((match) => match !== undefined);
}

function unknown(field: string, found: string, known: readonly string[]): InvalidRequest {
  const error: FieldError = {
    field,
    message: `${JSON.stringify(found)} is not known; known: ${known.join(', ')}`,
  };
  return new InvalidRequest([error]);
}

/** Puts these genres in the place of those that an entry had. */
export async function replaceGenres(
  queries: Queries,
  subject: Subject,
  id: number,
  genreIds: readonly number[],
): Promise<void> {
  const [table, column] = [tableOf(subject, 'genres'), idColumn(subject)];
  await queries.run(`DELETE FROM ${table} WHERE ${column} = ?`, [id]);
  for (const genreId of genreIds) {
    await queries.run(`INSERT INTO ${table} (${column}, genre_id) VALUES (?, ?)`, [id, genreId]);
  }
}
