import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { Database } from './database.ts';
import { TooManyRequests } from './errors.ts';

/** How often something may happen to a key within a window, which begins with the first time. */
export interface Limit {
  readonly name: string;
  readonly most: number;
  readonly windowMs: number;
}

export interface Charge {
  readonly limit: Limit;
  /** Whom it is counted for: an address, an account, both. Only its hash is kept. */
  readonly key: string;
}

/** Counters in the database, so that all replicas count as one. */
export interface Throttle {
  /** Counts an attempt before it is made; throws `TooManyRequests` beyond any of the limits. */
  charge(charges: readonly Charge[]): Promise<void>;
  /** Takes back an attempt that was no abuse. */
  refund(charges: readonly Charge[]): Promise<void>;
}

const counter = z.object({ id: z.instanceof(Buffer), hits: z.number(), endsAt: z.date() });

export function createThrottle(database: Database, now: () => number = Date.now): Throttle {
  return {
    async charge(charges) {
      const counted = withIds(charges);
      const at = new Date(now());
      const rows = await database.transaction(async (queries) => {
        const values = counted.flatMap(({ id, limit }) => [
          id,
          new Date(at.getTime() + limit.windowMs),
        ]);
        // The count first: it looks at the end that the next assignment may change.
        await queries.run(
          `INSERT INTO throttles (id, hits, ends_at) VALUES ${counted.map(() => '(?, 1, ?)').join(', ')}
           ON DUPLICATE KEY UPDATE
             hits = IF(ends_at <= ?, 1, hits + 1),
             ends_at = IF(ends_at <= ?, VALUES(ends_at), ends_at)`,
          [...values, at, at],
        );
        return queries.query(
          `SELECT id, hits, ends_at AS endsAt FROM throttles
           WHERE id IN (${counted.map(() => '?').join(', ')})`,
          counted.map(({ id }) => id),
          counter,
        );
      });
      const over = counted.flatMap(({ id, limit }) => {
        const row = rows.find((it) => it.id.equals(id));
        return row && row.hits > limit.most ? [row.endsAt.getTime()] : [];
      });
      if (over.length > 0) throw tooMany((Math.max(...over) - at.getTime()) / 1000);
    },
    async refund(charges) {
      const counted = withIds(charges);
      await database.run(
        `UPDATE throttles SET hits = hits - 1
         WHERE hits > 0 AND id IN (${counted.map(() => '?').join(', ')})`,
        counted.map(({ id }) => id),
      );
    },
  };
}

/** In one order for all, so that two transactions wait for each other in turn. */
const withIds = (charges: readonly Charge[]) =>
  charges
    .map(({ limit, key }) => ({
      limit,
      id: createHash('sha256').update(`${limit.name}\n${key}`).digest(),
    }))
    .toSorted((a, b) => a.id.compare(b.id));

/** The address of a client for counting: who has one IPv6 address has 2⁶⁴ of them. */
export function countedAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const missing = 8 - groups.length - rest.length;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

const tooMany = (seconds: number) =>
  new TooManyRequests(
    'too_many_attempts',
    `too many attempts; try again in ${describe(seconds)}`,
    seconds,
  );

const describe = (seconds: number) =>
  seconds <= 90 ? `${Math.max(1, Math.ceil(seconds))} s` : `${Math.ceil(seconds / 60)} min`;
