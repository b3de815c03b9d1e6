import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { datasetOf } from '../services/ml-service/src/model/dataset.ts';
import { seeded } from '../services/ml-service/src/model/random.ts';
import { train } from '../services/ml-service/src/model/train.ts';
import { Ranker } from '../services/ml-service/src/recommend/rank.ts';
import type { CanonicalEvent } from '../services/ml-service/src/store/canonical.ts';
import { fillHistory } from './fill-history.ts';
import { mlService, runInPod } from './in-pod.ts';
import { migratedDatabase, withMariaDb } from './own-mariadb.ts';
import { HISTORY_END, historyOf } from './recommendations-history.ts';

/**
 * What recommendations cost within a pod's limits: `train` a million interactions by itself, `command`
 * the same from MariaDB by the command that trains, `rank` 10,000 events at 100 requests a second.
 */
const [what = 'rank', part] = process.argv.slice(2);
const self = fileURLToPath(import.meta.url);
const INTERACTIONS = 1_000_000;
const PEOPLE = 50_000;
const EVENTS = 20_000;

if (part === 'inside' && what === 'train') trainInside();
else if (part === 'inside') await rankInside();
else if (what === 'command') await trainByCommand();
else {
  const [limits, env] =
    what === 'train' ? [{ cpu: 1, mebibytes: 512 }] : [{ cpu: 0.5, mebibytes: 512 }, mlService];
  const args = ['--conditions=source', self, what, 'inside'];
  const { output, peakMebibytes, seconds } = await runInPod(args, limits, env);
  console.log(`${output.trim()}\nof the whole process: ${seconds.toFixed(1)} s, peak ${said()}`);
  function said() {
    return `${peakMebibytes.toFixed(0)} MiB; load average ${loadavg()[0]?.toFixed(1)}`;
  }
}

function trainInside(): void {
  const history = historyOf(INTERACTIONS, PEOPLE, EVENTS);
  const cpu = process.cpuUsage();
  const began = performance.now();
  const model = train(datasetOf(history, HISTORY_END));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1_000;
  console.log(`trained: ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`);
  const { maxRSS } = process.resourceUsage();
  console.log(`${model.vocabulary.size} features; ${(maxRSS / 1024).toFixed(0)} MiB resident`);
}

async function rankInside(): Promise<void> {
  const history = historyOf(50_000, 2_000, 80_000);
  const model = train(datasetOf(history, HISTORY_END), { epochs: 2 });
  const all = history.events.map(
    (event): CanonicalEvent => ({ ...event, title: 'x', venueId: 1, open: true }),
  );
  const upcoming = all.filter(({ startsAt }) => startsAt > HISTORY_END).slice(0, 10_000);
  const now = HISTORY_END;
  const random = seeded(2);
  const heat = new Map(upcoming.map(({ id }) => [id, { heat: 7 * random(), saves: id % 7 }]));
  const heatOf = (id: number) => heat.get(id) ?? { heat: 0, saves: 0 };
  const ranker = new Ranker(model, { upcoming, now, heatOf });
  const events = new Map(all.map((event) => [event.id, event]));
  const byUser = [...Map.groupBy(history.actions, ({ user }) => user).values()];
  const times: number[] = [];
  const own: number[] = [];
  let cpu = process.cpuUsage();
  let began = performance.now();
  for (let n = 0; n < 2_300; n++) {
    if (n === 300) {
      cpu = process.cpuUsage();
      began = performance.now();
    }
    const due = began + (n < 300 ? n : n - 300) * 10;
    if (performance.now() < due) await sleep(due - performance.now());
    const actions = byUser[n % byUser.length] ?? [];
    const start = performance.now();
    const cpuStart = process.threadCpuUsage();
    const profile = ranker.profile({ actions, choices: undefined, events }, now);
    const without = new Set(actions.map(({ event }) => event));
    ranker.rank(profile, { without, limit: 30, now });
    if (n < 300) continue;
    times.push(performance.now() - start);
    const { user, system } = process.threadCpuUsage(cpuStart);
    own.push((user + system) / 1_000);
  }
  const { user, system } = process.cpuUsage(cpu);
  const share = (user + system) / 1_000 / (performance.now() - began);
  const quantiles = (all: number[]) => {
    const sorted = all.toSorted((a, b) => a - b);
    const at = (q: number) => (sorted[Math.floor(sorted.length * q)] ?? 0).toFixed(2);
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
  };
  console.log(`ranking ${upcoming.length} at 100/s: ${quantiles(times)}`);
  console.log(`of that its own: ${quantiles(own)}`);
  console.log(`${(share * 100).toFixed(0)} % of a core`);
}

function trainByCommand(): Promise<void> {
  return withMariaDb('bench-train', async ({ server, folder }) => {
    const { admin, env } = await migratedDatabase(server);
    await fillHistory(admin, historyOf(INTERACTIONS, PEOPLE, EVENTS), PEOPLE);
    await admin.end();
    const command = fileURLToPath(new URL('../services/ml-service/src/train.ts', import.meta.url));
    const limits = { cpu: 1, mebibytes: 512 };
    const { output, seconds, peakMebibytes } = await runInPod(
      ['--conditions=source', command, '--now'],
      limits,
      { ...env, MODEL_DIR: folder },
    );
    for (const line of output.trim().split('\n')) {
      const { time, msg, reason } = JSON.parse(line) as Record<string, string>;
      console.log(time, msg, reason ?? '');
    }
    console.log(
      `${seconds.toFixed(1)} s, peak ${peakMebibytes.toFixed(0)} MiB; load ${loadavg()[0]}`,
    );
  });
}
