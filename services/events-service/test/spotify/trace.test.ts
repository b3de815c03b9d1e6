import test from 'ava';
import { artistSearch } from '../../src/spotify/artists.ts';
import { FakeSpotify } from './helpers/fake-spotify.ts';
import { traceOf } from './helpers/trace.ts';

const DAY_MS = 86_400_000;
const A_DAY = 600;

test('client – two and a half days of searches replayed – asks for each name once in 24 hours, and for most never', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  const trace = [...traceOf({ names: 300, searches: A_DAY * 2.5, seed: 7 })];
  const askedAt = new Map<string, number>();
  let needed = 0;
  for (const name of trace) {
    const { clock } = spotify;
    const last = askedAt.get(name);
    if (last === undefined || clock.now() - last >= DAY_MS) {
      needed += 1;
      askedAt.set(name, clock.now());
    }
    const answer = client.get(artistSearch(name), { deadlineMs: 3_000 });
    await clock.pass(DAY_MS / A_DAY);
    t.false((await answer).isStale);
  }

  const { length } = spotify.lookups;
  const rate = 1 - length / trace.length;
  t.log(`${trace.length} searches, ${length} calls: ${(rate * 100).toFixed(1)} % from memory`);
  t.is(length, needed);
  t.true(rate > 0.5);
});
