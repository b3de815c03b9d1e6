import { InvalidRequest } from '@whatsthecraic/platform/errors';

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const KNOWN = new Set(Intl.supportedValuesOf('currency'));

/** Whether it is a currency of ISO 4217. */
export const isCurrency = (code: string) => KNOWN.has(code);

/** How many decimals an amount has: two for most, none for the yen. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

export const toMajor = (minor: number, currency: string) => minor / 10 ** decimalsOf(currency);

/** In minor units; an amount that has more decimals than its currency is a fault of the request. */
export function toMinor({ amount, currency }: Money, field: string): number {
  const decimals = decimalsOf(currency);
  const minor = Math.round(amount * 10 ** decimals);
  if (Math.abs(minor - amount * 10 ** decimals) > 1e-6 * Math.max(1, minor)) {
    const message = `expected at most ${decimals} decimals in ${currency}`;
    throw new InvalidRequest([{ field, message }]);
  }
  return minor;
}
