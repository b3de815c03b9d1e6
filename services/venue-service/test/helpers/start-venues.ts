import type { ExecutionContext } from 'ava';
import {
  type TestDatabase,
  testServerConfig,
  testVerifier,
} from '../../../platform/test/helpers/database.ts';
import { makePeople, senderTo } from '../../../platform/test/helpers/keepers.ts';
import { silentLog, startReady } from '../../../platform/test/helpers/service.ts';
import { createVenueService } from '../../src/app.ts';

interface Page {
  readonly venues: { id: number; name: string; distanceKm?: number }[];
  readonly nextCursor: string | null;
}

/** The venue service on a test's database. */
export async function startVenues(
  t: ExecutionContext,
  server: TestDatabase,
  djServiceUrl = 'http://127.0.0.1:1',
) {
  const { config: database } = server;
  await makePeople(server);
  const config = { ...testServerConfig, database, tokens: testVerifier, djServiceUrl };
  const overrides = { checkResponses: true, log: silentLog('venue-service') };
  const under = await startReady(t, createVenueService(config, overrides));
  const names = async (query: string) =>
    (await under.json<Page>(`/v1/venues/search?${query}`)).venues.map(({ name }) => name);
  return { ...under, names, send: senderTo(under.url) };
}

let made = 0;

/** A body that makes a venue, of a name nobody else has. */
export function newVenue(more: Readonly<Record<string, unknown>> = {}) {
  made += 1;
  return {
    name: `Venue ${made}`,
    address: `${made} Main Street`,
    city: 'Sligo',
    position: { latitude: 54.27, longitude: -8.47 },
    ...more,
  };
}
