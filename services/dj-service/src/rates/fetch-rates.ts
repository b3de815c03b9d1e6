import type { Log } from '@whatsthecraic/platform/log';
import type { RateStore } from '../store/rates.ts';
import { readRates } from './read-rates.ts';

/** Fetches the rates of the day and keeps them, unless newer ones are there. */
export async function fetchRates(
  url: string,
  store: RateStore,
  log: Log,
  signal?: AbortSignal,
): Promise<void> {
  const rates = await readRates(url, signal);
  const saved = await store.save(rates);
  const { publishedOn, perEuro } = rates;
  log.info({ publishedOn, currencies: perEuro.size, saved }, 'exchange rates fetched');
}
