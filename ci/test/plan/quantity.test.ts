import test from 'ava';
import { quantity } from '../../src/plan/quantity.ts';

test('quantity – each way that Kubernetes writes one – is a number', (t) => {
  const rows: Readonly<Record<string, number>> = {
    '200m': 0.2,
    '2': 2,
    '0.5': 0.5,
    '96Mi': 96 * 2 ** 20,
    '24581684Ki': 24581684 * 1024,
    '1G': 1e9,
    '1e3': 1000,
    '1500u': 0.0015,
  };
  for (const [text, value] of Object.entries(rows)) t.is(quantity(text), value, text);
});

test('quantity – nothing, or what is none – is no number', (t) => {
  for (const text of [undefined, '', 'Mi', '1x', '-1', '1 Mi'])
    t.true(Number.isNaN(quantity(text)));
});
