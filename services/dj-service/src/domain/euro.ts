import { decimalsOf, toMajor } from './money.ts';

/** What one euro buys of each currency, as published on a day. */
export interface Rates {
  readonly perEuro: ReadonlyMap<string, number>;
  /** `undefined`: none have ever been fetched. */
  readonly publishedOn: string | undefined;
}

export const NO_RATES: Rates = { perEuro: new Map(), publishedOn: undefined };

export interface EuroFee {
  readonly amount: number;
  /** The day of the rate; null for a fee in euros, which needs none. */
  readonly rateOf: string | null;
  readonly stale: boolean;
}

/** Nothing is published over Easter from Thursday to Tuesday afternoon. */
const FRESH_DAYS = 6;
const DAY_MS = 86_400_000;

/** Rates of a day that is longer ago than any holiday lasts. */
export const areStale = ({ publishedOn }: Rates, now: Date): boolean =>
  publishedOn !== undefined &&
  now.getTime() - Date.parse(`${publishedOn}T00:00:00Z`) > FRESH_DAYS * DAY_MS;

/** A fee in euros, to the cent; null when there is no rate for its currency. */
export function toEuro(minor: number, currency: string, rates: Rates, now: Date): EuroFee | null {
  const amount = toMajor(minor, currency);
  if (currency === 'EUR') return { amount, rateOf: null, stale: false };
  const rate = rates.perEuro.get(currency);
  if (rate === undefined || rates.publishedOn === undefined) return null;
  const cents = Math.round((amount / rate) * 100);
  return { amount: cents / 100, rateOf: rates.publishedOn, stale: areStale(rates, now) };
}

/** An amount of euros in the minor units of every currency with a rate: what a search compares with. */
export function inEachCurrency(euros: number, rates: Rates): ReadonlyMap<string, number> {
  const all = [['EUR', 1] as const, ...rates.perEuro];
  return new Map(
    all.map(([currency, rate]) => [currency, euros * rate * 10 ** decimalsOf(currency)]),
  );
}
