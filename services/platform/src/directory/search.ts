import { InvalidRequest } from '../errors.ts';
import { type Conditions, placeholders } from '../sql.ts';
import { idColumn, type Subject, tableOf } from './subject.ts';
import { checkSpan, type Span } from './windows.ts';

/** The longest time that somebody can be asked to be free for. */
const LONGEST_FREE_DAYS = 31;

/** Entries with any of these genres. */
export function addGenreCondition(
  where: Conditions,
  subject: Subject,
  alias: string,
  genreIds: readonly number[],
): void {
  const [table, column] = [tableOf(subject, 'genres'), idColumn(subject)];
  // A genre that nobody knows is one that nobody plays; no row has the number 0.
  const ids = genreIds.length > 0 ? genreIds : [0];
  where.add(
    `EXISTS (SELECT 1 FROM ${table} x
       WHERE x.${column} = ${alias}.id AND x.genre_id IN (${placeholders(ids)}))`,
    ...ids,
  );
}

/** Both ends of the time that somebody has to be free for, or neither. */
export function freeSpan(from: Date | undefined, to: Date | undefined): Span | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) {
    const field = from === undefined ? 'query.freeFrom' : 'query.freeTo';
    throw new InvalidRequest([{ field, message: 'give freeFrom and freeTo together' }]);
  }
  return checkSpan({ from, to }, ['query.freeFrom', 'query.freeTo'], LONGEST_FREE_DAYS);
}
