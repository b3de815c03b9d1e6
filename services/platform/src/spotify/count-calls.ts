import { Counter, type Metrics } from '../metrics.ts';
import type { Verdict } from './judge-answer.ts';

/** Counts calls to Spotify; the result is told of each one. */
export function countCalls({ registry }: Metrics): (outcome: Verdict['kind']) => void {
  const calls = new Counter({
    name: 'spotify_calls_total',
    help: 'Calls made to Spotify, by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return (outcome) => calls.inc({ outcome });
}
