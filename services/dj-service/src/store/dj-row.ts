import { genreList, genresOf } from '@whatsthecraic/platform/genre-names';
import { z } from 'zod';
import type { dj } from '../contract.ts';
import { type Rates, toEuro } from '../domain/euro.ts';
import { toMajor } from '../domain/money.ts';

export type Dj = z.output<typeof dj>;

/** Named one by one: whatever column is added later stays inside until somebody adds it here. */
export const djColumns = `d.id, d.name, d.city, d.bio, d.fee_minor AS feeMinor, d.currency,
  d.version, ${genresOf('dj_genres', 'dj_id', 'd.id')} AS genres`;

const row = z.object({
  id: z.int(),
  name: z.string(),
  city: z.string(),
  bio: z.string().nullable(),
  feeMinor: z.int().nullable(),
  currency: z.string(),
  version: z.int(),
  genres: genreList,
});

/** A row of `djColumns` as the DJ that callers see, at these rates. */
export const versionedDj = (rates: Rates, now: Date) =>
  row.transform(({ feeMinor, currency, version, ...rest }) => {
    const known = feeMinor !== null;
    const entry: Dj = {
      ...rest,
      fee: known ? { amount: toMajor(feeMinor, currency), currency } : null,
      feeInEuro: known ? toEuro(feeMinor, currency, rates, now) : null,
    };
    return { entry, version };
  });

export const djRow = (rates: Rates, now: Date) =>
  versionedDj(rates, now).transform(({ entry }) => entry);
