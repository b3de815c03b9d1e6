import { addGenreCondition } from '@whatsthecraic/platform/directory/search';
import { addFreeCondition, type Span } from '@whatsthecraic/platform/directory/windows';
import type { List } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { addTextCondition } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import { inEachCurrency, type Rates } from '../domain/euro.ts';
import { subject } from './subject.ts';

export interface DjSearch {
  readonly q?: string | undefined;
  readonly city?: string | undefined;
  readonly genre?: string | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly feeMin?: number | undefined;
  readonly feeMax?: number | undefined;
  readonly free?: Span | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** All DJs, by name. */
export const byName = {
  from: 'djs d',
  id: 'd.id',
  key: { sql: 'd.name', schema: z.string() },
} as const;

/** The list that a search for DJs is; `genreIds` are those of its genres. */
export function djList(
  search: DjSearch,
  genreIds: readonly number[] | undefined,
  rates: Rates,
): List {
  const where = new Conditions();
  if (search.city !== undefined) where.add('d.city = ?', search.city);
  if (genreIds) addGenreCondition(where, subject, 'd', genreIds);
  if (search.q !== undefined) addTextCondition(where, ['d.name', 'd.bio'], search.q);
  if (search.free) addFreeCondition(where, subject, 'd', search.free);
  addFeeCondition(where, search, rates);
  return { ...byName, where, limit: search.limit, cursor: search.cursor };
}

/** One range of the index for each currency, so that no fee has to be converted while searching. */
export function addFeeCondition(
  where: Conditions,
  { feeMin, feeMax }: Pick<DjSearch, 'feeMin' | 'feeMax'>,
  rates: Rates,
): void {
  if (feeMin === undefined && feeMax === undefined) return;
  const least = inEachCurrency(feeMin ?? 0, rates);
  const most = feeMax === undefined ? undefined : inEachCurrency(feeMax, rates);
  const ranges = [...least].map(([currency, from]) => ({
    currency,
    from: Math.ceil(from),
    to: Math.floor(most?.get(currency) ?? LARGEST_FEE),
  }));
  const one = '(d.currency = ? AND d.fee_minor >= ? AND d.fee_minor <= ?)';
  where.add(
    `(${ranges.map(() => one).join(' OR ')})`,
    ...ranges.flatMap(({ currency, from, to }) => [currency, from, Math.min(to, LARGEST_FEE)]),
  );
}

/** Of an unsigned column. */
const LARGEST_FEE = 4_294_967_295;
