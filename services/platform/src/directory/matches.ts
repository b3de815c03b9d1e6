import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Database } from '../database.ts';
import { findPage, type List } from '../page.ts';
import { Conditions } from '../sql.ts';

/** One thing that somebody wants of an entry. */
export interface Wish<W extends string> {
  readonly what: W;
  readonly condition: Conditions;
}

export interface Match<T, W extends string> {
  readonly entry: T;
  /** The one wish that it does not meet; null: it meets all. */
  readonly lacks: W | null;
}

export interface MatchPage<T, W extends string> {
  readonly matches: Match<T, W>[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

export interface MatchSearch<W extends string> {
  readonly list: Omit<List, 'where' | 'limit' | 'cursor'>;
  /** In the order in which their lack is easiest to bear. */
  readonly wishes: readonly Wish<W>[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const place = z.tuple([z.int().min(0).max(20), z.string().max(400).nullable()]);

/**
 * Who meets all wishes, then who meets all but one, tier by tier. The rank is the order of the pages, so
 * nothing is ranked after it was cut; and each tier is one search by index, of no row twice.
 */
export async function findMatches<T extends { readonly id: number }, W extends string>(
  database: Database,
  { list, wishes, limit, cursor }: MatchSearch<W>,
  load: (ids: readonly number[]) => Promise<readonly T[]>,
): Promise<MatchPage<T, W>> {
  const tiers: readonly (W | null)[] = [null, ...wishes.map(({ what }) => what)];
  const [from, inner] = cursor === undefined ? [0, null] : decodeCursor(cursor, place);
  const matches: Match<T, W>[] = [];

  const ask = (tier: number, most: number, after: string | null) => {
    const where = new Conditions();
    for (const { what, condition } of wishes) where.join(condition, what !== tiers[tier]);
    return findPage(database, { ...list, where, limit: most, cursor: after ?? undefined }, load);
  };

  for (let tier = from; tier < tiers.length; tier++) {
    const after = tier === from ? inner : null;
    const left = limit - matches.length;
    // With the page full, one more row anywhere tells that there is another page.
    const page = await ask(tier, Math.max(left, 1), after);
    if (left === 0) {
      if (page.found.length > 0) return toPage(matches, [tier, null]);
      continue;
    }
    const lacks = tiers[tier] ?? null;
    matches.push(...page.found.map(({ item }) => ({ entry: item, lacks })));
    if (page.nextCursor !== null) return toPage(matches, [tier, page.nextCursor]);
  }
  return toPage(matches, undefined);
}

function toPage<T, W extends string>(
  matches: Match<T, W>[],
  next: readonly [number, string | null] | undefined,
): MatchPage<T, W> {
  return { matches, nextCursor: next ? encodeCursor(next) : null, hasMore: next !== undefined };
}

/** A wish made of what a search asks for. */
export function wish<W extends string>(what: W, add: (where: Conditions) => void): Wish<W> {
  const condition = new Conditions();
  add(condition);
  return { what, condition };
}
