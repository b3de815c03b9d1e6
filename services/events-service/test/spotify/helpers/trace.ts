import { createRandom } from '../../../../database/src/seed/random.ts';

interface Shape {
  readonly names: number;
  readonly searches: number;
  readonly seed: number;
}

/** Names that people look for, one after the other, popular ones far more often than others (Zipf). */
export function* traceOf({ names, searches, seed }: Shape): Generator<string> {
  const random = createRandom(seed);
  let total = 0;
  const upTo = Array.from({ length: names }, (_, rank) => {
    total += 1 / (rank + 1);
    return total;
  });
  for (let i = 0; i < searches; i++) {
    const point = (random.below(1_000_000) / 1_000_000) * total;
    yield `act ${upTo.findIndex((end) => point < end)}`;
  }
}
