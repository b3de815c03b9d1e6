import type { Service } from '@whatsthecraic/platform/service';
import type { ExecutionContext } from 'ava';
import { createAuthService } from '../../../auth-service/src/app.ts';
import { testMail } from '../../../auth-service/test/helpers/mail-config.ts';
import { noSpotify } from '../../../auth-service/test/helpers/spotify-config.ts';
import { createDjService } from '../../../dj-service/src/app.ts';
import { createEventsService } from '../../../events-service/src/app.ts';
import { createMlService } from '../../../ml-service/src/app.ts';
import { modelsIn } from '../../../ml-service/test/helpers/places.ts';
import {
  type TestDatabase,
  testServerConfig,
  testTokens,
  testVerifier,
} from '../../../platform/test/helpers/database.ts';
import { silentLog, startReady } from '../../../platform/test/helpers/service.ts';
import { until } from '../../../platform/test/helpers/start.ts';
import { createVenueService } from '../../../venue-service/src/app.ts';
import { startAggregator } from './upstream.ts';

/** The whole backend: five services on one database, and the door before them. */
export async function startAll(
  t: ExecutionContext,
  server: TestDatabase,
  { spotify = noSpotify, port = 0 }: { spotify?: typeof noSpotify; port?: number } = {},
) {
  const mail = port === 0 ? testMail : { ...testMail, publicUrl: `http://127.0.0.1:${port}` };
  const config = {
    ...testServerConfig,
    database: server.config,
    tokens: testVerifier,
  };
  const overrides = { checkResponses: true, log: silentLog('test') };
  const start = async (service: Service) => (await startReady(t, service)).url;
  const dj = await start(
    createDjService({ ...config, ratesUrl: 'http://127.0.0.1:1/' }, overrides),
  );
  const ml = await start(
    createMlService({ ...config, models: modelsIn('/nonexistent') }, overrides),
  );
  const [auth, events, venue] = await Promise.all([
    start(createAuthService({ ...config, tokens: testTokens, mail, ...spotify }, overrides)),
    start(
      createEventsService(
        {
          ...{ ...config, sourcesUrl: null, mlServiceUrl: ml },
          spotify: { clientId: null, clientSecret: null },
        },
        overrides,
      ),
    ),
    start(createVenueService({ ...config, djServiceUrl: dj }, overrides)),
  ]);
  const { url } = await startAggregator(t, { auth, events, dj, venue, ml }, { port });
  const health = async () =>
    ((await (await fetch(`${url}/health`)).json()) as { status: string }).status;
  await until(async () => (await health()) === 'ok');
  return { url, health, inside: { auth, events, dj, venue, ml } };
}
