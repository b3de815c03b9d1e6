import type { Database, Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { NO_RATES, type Rates } from '../domain/euro.ts';

export interface RateStore {
  /** Those of the last day that was fetched; asked of the database once a minute at most. */
  current(queries?: Queries): Promise<Rates>;
  /** Milliseconds since they were fetched; `undefined`: never. */
  age(): Promise<number | undefined>;
  /** Puts newer rates in the place of older ones; tells whether they were newer. */
  save(rates: Rates & { readonly publishedOn: string }): Promise<boolean>;
}

const KEEP_MS = 60_000;
const rateRow = z.object({
  currency: z.string(),
  perEuro: z.number(),
  publishedOn: z.string(),
});

const fetchedRow = z.object({ fetchedAt: z.date().nullable() });

export function createRateStore(database: Database, now: () => number = Date.now): RateStore {
  let known: { readonly rates: Rates; readonly until: number } | undefined;

  async function load(queries: Queries): Promise<Rates> {
    const rows = await queries.query(
      `SELECT currency, per_euro AS perEuro, DATE_FORMAT(published_on, '%Y-%m-%d') AS publishedOn
       FROM exchange_rates ORDER BY published_on, currency`,
      [],
      rateRow,
    );
    if (rows.length === 0) return NO_RATES;
    return {
      perEuro: new Map(rows.map(({ currency, perEuro }) => [currency, perEuro])),
      publishedOn: rows.at(-1)?.publishedOn,
    };
  }

  return {
    // Inside a transaction on its own connection: waiting there for another one could block all.
    async current(queries = database) {
      if (!known || known.until < now()) {
        known = { rates: await load(queries), until: now() + KEEP_MS };
      }
      return known.rates;
    },
    async age() {
      const sql = 'SELECT MAX(fetched_at) AS fetchedAt FROM exchange_rates';
      const [row] = await database.query(sql, [], fetchedRow);
      return row?.fetchedAt ? now() - row.fetchedAt.getTime() : undefined;
    },
    async save({ perEuro, publishedOn }) {
      const isNewer = await database.transaction(async (queries) => {
        const newer = await queries.query(
          'SELECT currency FROM exchange_rates WHERE published_on > ? LIMIT 1 FOR UPDATE',
          [publishedOn],
          z.object({ currency: z.string() }),
        );
        if (newer.length > 0) return false;
        // A currency that is published no more has no rate any more.
        await queries.run('DELETE FROM exchange_rates', []);
        for (const [currency, rate] of perEuro) {
          await queries.run(
            `INSERT INTO exchange_rates (currency, per_euro, published_on, fetched_at)
             VALUES (?, ?, ?, NOW(3))`,
            [currency, rate, publishedOn],
          );
        }
        return true;
      });
      known = undefined;
      return isNewer;
    },
  };
}
