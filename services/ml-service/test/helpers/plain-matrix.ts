import type { Ranking } from '../../src/evaluate/evaluate.ts';
import { bestOf } from '../../src/evaluate/rankings.ts';
import type { Dataset } from '../../src/model/dataset.ts';
import { seeded } from '../../src/model/random.ts';

/** A vector for each person and each event and nothing else (BPR, Rendle 2009): what ours is beside. */
export function plainMatrix(
  data: Dataset,
  { dimensions = 16, passes = 40, seed = 1 } = {},
): Ranking {
  const random = seeded(seed);
  const vectors = (count: number) =>
    Array.from({ length: count }, () =>
      Float64Array.from({ length: dimensions }, () => (random() - 0.5) * 0.1),
    );
  const people = vectors(data.people.length);
  const events = vectors(data.events.length);
  const dot = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, it, d) => sum + it * (b[d] ?? 0), 0);
  for (let pass = 0; pass < passes; pass++) {
    for (const [p, person] of people.entries()) {
      for (let row = data.first[p] ?? 0; row < (data.first[p + 1] ?? 0); row++) {
        const liked = events[data.event[row] ?? 0];
        const other = events[Math.floor(random() * events.length)];
        if (!liked || !other || (data.strength[row] ?? 0) <= 0 || liked === other) continue;
        const step = 0.1 / (1 + Math.exp(dot(person, liked) - dot(person, other)));
        for (let d = 0; d < dimensions; d++) {
          const [u = 0, i = 0, j = 0] = [person[d], liked[d], other[d]];
          person[d] = u + step * (i - j) - 0.001 * u;
          liked[d] = i + step * u - 0.001 * i;
          other[d] = j - step * u - 0.001 * j;
        }
      }
    }
  }
  const personOf = new Map(data.people.map((user, p) => [user, people[p]]));
  const eventOf = new Map(data.events.map(({ id }, i) => [id, events[i]]));
  return ({ user, candidates }) => {
    const person = personOf.get(user);
    return bestOf(candidates, (id) => {
      const event = eventOf.get(id);
      return person && event ? dot(person, event) : 0;
    });
  };
}
