import { setTimeout as sleep } from 'node:timers/promises';
import { datasetOf } from '../services/ml-service/src/model/dataset.ts';
import type { Action, EventFacts, History } from '../services/ml-service/src/model/facts.ts';
import { seeded } from '../services/ml-service/src/model/random.ts';
import { train } from '../services/ml-service/src/model/train.ts';
import { Ranker } from '../services/ml-service/src/recommend/rank.ts';
import type { CanonicalEvent } from '../services/ml-service/src/store/canonical.ts';

/**
 * Seconds and memory of training on a million interactions, then the time of ranking 10,000 events at
 * 100 requests a second. `bench/recommendations-speed.ts train` or `rank`.
 */
const DAY_MS = 86_400_000;
const random = seeded(1);
const below = (limit: number) => Math.floor(random() * limit);
const end = Date.UTC(2026, 10, 1);

function historyOf(interactions: number, people: number, count: number): History {
  const events: EventFacts[] = Array.from({ length: count }, (_, id) => {
    const startsAt = end - below(400 * DAY_MS) + 60 * DAY_MS;
    const genre = below(60);
    return {
      ...{ id: id + 1, startsAt, announcedAt: startsAt - (10 + below(50)) * DAY_MS },
      ...{ city: `city ${below(16)}`, venue: `venue ${below(400)}`, price: below(8_000) },
      artists: [`artist ${genre * 50 + below(50)}`, `artist ${genre * 50 + below(50)}`],
      genres: [`genre ${genre}`],
      families: [`family ${genre % 12}`],
    };
  });
  const actions: Action[] = [];
  const byGenre = Map.groupBy(events, ({ genres }) => genres[0] ?? '');
  for (let i = 0; i < interactions; i++) {
    const user = 1 + below(people);
    const own = byGenre.get(`genre ${(user * 7 + below(4)) % 60}`) ?? [];
    const event = own[below(own.length)] ?? events[0];
    if (!event) continue;
    const at = event.announcedAt + random() * (event.startsAt - event.announcedAt);
    actions.push({ user, event: event.id, kind: 'save', at: Math.min(at, end - 1) });
  }
  return { events, actions, choices: new Map() };
}

const quantile = (sorted: readonly number[], part: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2);

if (process.argv[2] !== 'rank') {
  const history = historyOf(Number(process.argv[3] ?? 1_000_000), 50_000, 20_000);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const model = train(datasetOf(history, end));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1_000;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  console.log(`trained: ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`);
  console.log(`${model.vocabulary.size} features; at most ${mebibytes.toFixed(0)} MiB resident`);
} else {
  const history = historyOf(50_000, 2_000, 40_000);
  const model = train(datasetOf(history, end), { epochs: 2 });
  const all = history.events.map(
    (event): CanonicalEvent => ({ ...event, title: 'x', venueId: 1, open: true }),
  );
  const candidates = all.filter(({ startsAt }) => startsAt > end).slice(0, 10_000);
  while (candidates.length < 10_000) candidates.push({ ...(candidates[0] as CanonicalEvent) });
  const ranker = new Ranker(model);
  const events = new Map(all.map((event) => [event.id, event]));
  const byUser = [...Map.groupBy(history.actions, ({ user }) => user).values()];
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let n = 0; n < 300; n++) {
    const due = began + n * 10;
    if (performance.now() < due) await sleep(due - performance.now());
    const actions = byUser[n % byUser.length] ?? [];
    const start = performance.now();
    const profile = ranker.profile({ actions, choices: undefined, events }, end);
    const heatOf = (id: number) => ({ heat: id % 7, saves: id % 7 });
    ranker.rank(profile, { candidates, limit: 30, now: end, heatOf });
    if (n >= 50) times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(cpu);
  const share = (user + system) / 1_000 / (performance.now() - began);
  times.sort((a, b) => a - b);
  console.log(`ranking 10,000: p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`);
  console.log(`${(share * 100).toFixed(0)} % of a core at 100 requests a second`);
}
