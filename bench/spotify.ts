import { createSourcesServer } from '../local/sources/server.ts';
import { createSpotify } from '../local/sources/spotify/index.ts';
import { artistSearch } from '../services/events-service/src/spotify/artists.ts';
import { SpotifyClient } from '../services/events-service/src/spotify/client.ts';
import { FakeSpotify } from '../services/events-service/test/spotify/helpers/fake-spotify.ts';
import { traceOf } from '../services/events-service/test/spotify/helpers/trace.ts';
import { Secret } from '../services/platform/src/secret.ts';
import { hostsOf } from '../services/platform/src/spotify/hosts.ts';
import { silentLog } from '../services/platform/test/helpers/service.ts';

const SECONDS = 60;
const ANSWER_MS = 50;
const NAMES = 3_000;
const A_DAY = 4_000;
const DAYS = 3;

/** The pace of the Spotify client against a stand-in that is never tired, and how often it need not ask. */
async function pace(): Promise<void> {
  const server = createSourcesServer([createSpotify({ answerMs: ANSWER_MS, perWindow: 1e9 })]);
  const hosts = hostsOf(await server.listen());
  const starts: number[] = [];
  const client = new SpotifyClient({
    hosts,
    credentials: { clientId: 'id', clientSecret: new Secret('secret') },
    penalty: { left: async () => 0, extend: async () => {} },
    log: silentLog('bench'),
    fetch(request) {
      starts.push(performance.now());
      return fetch(request);
    },
    longestLine: 1_000,
  });
  const end = performance.now() + SECONDS * 1_000;
  let answers = 0;
  const askers = Array.from({ length: 8 }, async (_, asker) => {
    for (let i = 0; performance.now() < end; i++) {
      await client.get(artistSearch(`${asker} ${i}`), { deadlineMs: 30_000 });
      answers += 1;
    }
  });
  await Promise.all(askers);
  const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  const took = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1_000;
  console.log(
    `pace: ${answers} answers, ${(gaps.length / took).toFixed(2)} calls a second over ${took.toFixed(1)} s; ` +
      `between starts ${Math.min(...gaps).toFixed(1)} ms at least, ${mean(gaps).toFixed(1)} ms on average`,
  );
  await client.close();
  await server.close();
}

/** Days of searches, in a time of their own. */
async function trace(): Promise<void> {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  for (const name of traceOf({ names: NAMES, searches: A_DAY * DAYS, seed: 7 })) {
    const answer = client.get(artistSearch(name), { deadlineMs: 3_000 });
    await spotify.clock.pass(86_400_000 / A_DAY);
    await answer;
  }
  const lookups = spotify.lookups.length;
  const rate = 1 - lookups / (A_DAY * DAYS);
  console.log(
    `trace: ${A_DAY * DAYS} searches in ${DAYS} days among ${NAMES} names, ${lookups} calls: ` +
      `${(rate * 100).toFixed(1)} % from memory`,
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, it) => sum + it, 0) / values.length;

await pace();
await trace();
