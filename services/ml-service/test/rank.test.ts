import test from 'ava';
import fc from 'fast-check';
import { type Candidate, rank } from '../src/domain/rank.ts';

const now = new Date('2026-11-23T12:00:00Z');
const DAY_MS = 86_400_000;

const candidate = (id: number, saves: number, inDays: number): Candidate => ({
  event: {
    id,
    title: `Event ${id}`,
    city: 'Cork',
    venue: null,
    startsAt: new Date(now.getTime() + inDays * DAY_MS).toISOString(),
  },
  saves,
});

test('rank – saves and days – the saved one before the soon one, the sooner of equals first', (t) => {
  const ranked = rank([candidate(1, 0, 1), candidate(2, 30, 40), candidate(3, 30, 5)], now, 10);

  t.deepEqual(
    ranked.map(({ event }) => event.id),
    [3, 2, 1],
  );
});

test('rank – reasons – are true and no others are given', (t) => {
  const [saved, soon, neither] = rank(
    [candidate(1, 12, 30), candidate(2, 0, 7.5), candidate(3, 0, 30)],
    now,
    10,
  );

  t.deepEqual(saved?.reasons, [{ type: 'saves', count: 12 }]);
  t.deepEqual(soon?.reasons, [{ type: 'soon', days: 7 }]);
  t.deepEqual(neither?.reasons, []);
});

test('rank – any candidates – scores from 0 to 1, falling, no more than asked, more saves never worse', (t) => {
  const candidates = fc.array(
    fc
      .tuple(fc.nat(5_000), fc.double({ min: 0, max: 90, noNaN: true }))
      .map(([saves, days]) => [saves, days] as const),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(candidates, fc.integer({ min: 1, max: 50 }), (list, limit) => {
      const all = list.map(([saves, days], i) => candidate(i + 1, saves, days));
      const ranked = rank(all, now, limit);
      const scores = ranked.map(({ score }) => score);
      const more = rank(
        list.map(([saves, days], i) => candidate(i + 1, saves + 1, days)),
        now,
        50,
      );
      return (
        ranked.length === Math.min(limit, list.length) &&
        scores.every((score, i) => score >= 0 && score <= 1 && score <= (scores[i - 1] ?? 1)) &&
        ranked.every(
          ({ event, score }) => (more.find((it) => it.event.id === event.id)?.score ?? -1) >= score,
        )
      );
    }),
  );
  t.pass();
});
