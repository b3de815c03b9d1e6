import type { Rates } from '../domain/euro.ts';

/** What came is not what the European Central Bank publishes. */
export class RatesError extends Error {
  override readonly name = 'RatesError';
  readonly code = 'RATES_UNREADABLE';
}

const DAY = /<Cube\s+time=['"](\d{4}-\d{2}-\d{2})['"]\s*>/;
const RATE = /<Cube\s+currency=['"]([A-Z]{3})['"]\s+rate=['"](\d{1,9}(?:\.\d{1,8})?)['"]\s*\/>/g;
/** It publishes about thirty; a page with fewer is something else, or half of it. */
const FEWEST = 10;

/**
 * The daily reference rates in their own form, which has been the same since 1999:
 * https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/
 */
export function parseRates(xml: string, today: Date): Required<Rates> & { publishedOn: string } {
  const [, publishedOn] = DAY.exec(xml) ?? [];
  const perEuro = new Map(
    [...xml.matchAll(RATE)].map(([, currency = '', rate]) => [currency, Number(rate)] as const),
  );
  if (publishedOn === undefined || Number.isNaN(Date.parse(publishedOn))) {
    throw new RatesError('there is no day in what was sent');
  }
  if (Date.parse(publishedOn) > today.getTime()) {
    throw new RatesError(`its day, ${publishedOn}, is still to come`);
  }
  if (perEuro.size < FEWEST || [...perEuro.values()].some((rate) => rate <= 0)) {
    throw new RatesError(
      `it holds ${perEuro.size} rates; expected ${FEWEST} at least, none of them 0`,
    );
  }
  return { perEuro, publishedOn };
}
