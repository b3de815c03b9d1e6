import type { SourceEvent } from '../../canonical/source-event.ts';

const CURRENCIES: Readonly<Record<string, string>> = { '€': 'EUR', '£': 'GBP', $: 'USD' };
/** With groups of three, or a comma or a point before the last one or two. */
const NUMBER = /\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)/g;
const LARGEST = 1_000_000;

/** A price as people write it: `€12.50 - €20`, `12,50`, `Free`; null for what names no amount. */
export function readPrices(texts: readonly (string | number)[], currency: string | null) {
  const found = texts.flatMap(amountsOf).filter((it) => it <= LARGEST);
  if (found.length === 0) return null;
  const sign = texts.map((text) => /[€£$]/.exec(String(text))?.[0]).find(Boolean);
  const code = texts.map((text) => /\b(?:EUR|GBP|USD)\b/.exec(String(text))?.[0]).find(Boolean);
  return {
    min: Math.round(Math.min(...found) * 100),
    max: found.length > 1 ? Math.round(Math.max(...found) * 100) : null,
    currency: currency ?? (sign && CURRENCIES[sign]) ?? code ?? 'EUR',
  } satisfies SourceEvent['price'];
}

function amountsOf(text: string | number): number[] {
  if (typeof text === 'number') return [text];
  const amounts = (text.match(NUMBER) ?? []).map((number) => {
    const [, whole = '', cents = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(number) ?? [];
    return Number(`${whole.replace(/[., ]/g, '')}.${cents || '0'}`);
  });
  return /\b(?:free|gratis|saor in aisce)\b/i.test(text) ? [0, ...amounts] : amounts;
}
