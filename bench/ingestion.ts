import { loadavg } from 'node:os';
import type { MariaDb } from '../local/mariadb.ts';
import { createSourcesServer } from '../local/sources/server.ts';
import type { StandIn } from '../local/sources/stand-in.ts';
import { standIns } from '../local/sources/stand-ins.ts';
import { gigsOf } from '../local/sources/world.ts';
import { runIngestion } from '../services/events-service/src/ingestion/run.ts';
import { createSources } from '../services/events-service/src/sources/index.ts';
import { limits, type RemoteSource } from '../services/events-service/src/sources/limits.ts';
import { openDatabase } from '../services/platform/src/database.ts';
import { createLog } from '../services/platform/src/log.ts';
import { Secret } from '../services/platform/src/secret.ts';
import { migratedDatabase, withMariaDb } from './own-mariadb.ts';

/**
 * How many events a second each source's rows become, from its first call to events that a search finds,
 * and what a replay changes. Clients keep the real limits; their waits pass at once by the bench's own
 * clock and are told apart, and so is, of one source, what its stand-in takes to answer in this process.
 */
const HOUR_MS = 3_600_000;
const all = Object.keys(limits) as RemoteSource[];
const key = new Secret('a-key');

let now = Date.now();
let waitedMs = 0;
let answeredMs = 0;

const timed = (standIn: StandIn): StandIn => ({
  name: standIn.name,
  async answer(call) {
    const began = performance.now();
    try {
      return await standIn.answer(call);
    } finally {
      answeredMs += performance.now() - began;
    }
  },
});

const configFor = (names: readonly RemoteSource[]) => ({
  ticketmasterKey: names.includes('ticketmaster') ? key : null,
  bandsintown: {
    appId: names.includes('bandsintown') ? key : null,
    artists: [...new Set(gigsOf(new Date(now), 130).map(({ act }) => act))],
    mostArtists: 400,
  },
  eventbrite: {
    token: names.includes('eventbrite') ? key : null,
    ...{ organizations: [], venues: [] },
  },
  dice: {
    token: names.includes('dice') ? key : null,
    ...{ enabled: true, actor: 'someone~dice-fm', mostItems: 2_000 },
    cities: ['Dublin', 'Belfast', 'Cork', 'Galway', 'Limerick'],
  },
});

const row = (...cells: readonly unknown[]) => console.log(`| ${cells.join(' | ')} |`);
await withMariaDb('bench-ingestion', async ({ server }) => {
  console.log(`load average ${loadavg()[0]?.toFixed(1)}\n`);
  row('sources', 'calls', 'waits s', 'rows', 'events', 'rows /s', 'replay: rows /s', 'doubles');
  row('---', '---', '---', '---', '---', '---', '---', '---');
  let doubles = 0;
  for (const names of [...all.map((name) => [name]), all]) doubles += await measure(server, names);
  console.log(`\nload average ${loadavg()[0]?.toFixed(1)}`);
  if (doubles > 0) process.exitCode = 1;
});

async function measure(server: MariaDb, names: readonly RemoteSource[]): Promise<number> {
  const { admin, config } = await migratedDatabase(server);
  const log = createLog({ service: 'bench', level: 'silent' });
  const database = openDatabase({ config, log, connections: 3 });
  const sourcesServer = createSourcesServer(standIns().map(timed), () => now);
  const url = await sourcesServer.listen();
  const run = async () => {
    [waitedMs, answeredMs] = [0, 0];
    const began = performance.now();
    const summary = await runIngestion({
      ...{ database, log, now: () => new Date(now) },
      sources: createSources(configFor(names), url, () => now),
      sleep: async (ms) => {
        now += ms;
        waitedMs += ms;
      },
    });
    if (!summary || summary.failed > 0) throw new Error(`failed: ${JSON.stringify(summary)}`);
    // Several sources are asked side by side: there one's waiting is another one's work, and nothing is left out.
    const ms = performance.now() - began - (names.length === 1 ? answeredMs : 0);
    return { ...summary, waitedMs, perSecond: Math.round(summary.events / (ms / 1_000)) };
  };
  const count = async (sql: string) => {
    const [[found]] = (await admin.query(sql)) as unknown as [[{ n: number }]];
    return Number(found.n);
  };
  try {
    const first = await run();
    const calls = sourcesServer.calls.length;
    const events = await count('SELECT COUNT(*) AS n FROM events WHERE merged_into IS NULL');
    now += 25 * HOUR_MS;
    const again = await run();
    // Of one source twice in an event, or one gig as two events: titles differ by support, so acts are compared.
    const doubles =
      (await count(
        `SELECT COUNT(*) AS n FROM (SELECT 1 FROM event_sources GROUP BY event_id, source
         HAVING COUNT(*) > 1) twice`,
      )) +
      (await count(
        `SELECT COUNT(*) AS n FROM (SELECT 1 FROM events e JOIN event_artists x ON x.event_id = e.id
           AND x.position = 0 JOIN event_places p ON p.event_id = e.id
         WHERE e.merged_into IS NULL AND e.withdrawn_at IS NULL
         GROUP BY x.artist_id, e.city, p.venue_name, e.starts_at HAVING COUNT(*) > 1) doubles`,
      ));
    row(
      names.length === 1 ? names[0] : 'all four at once',
      ...[calls, Math.round(first.waitedMs / 1_000), first.events, events],
      ...[first.perSecond, again.perSecond, doubles],
    );
    return doubles;
  } finally {
    await database.close();
    await admin.end();
    await sourcesServer.close();
  }
}
