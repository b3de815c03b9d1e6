import test from 'ava';
import {
  testServerConfig,
  testVerifier,
  useDatabase,
} from '../../platform/test/helpers/database.ts';
import { silentLog, startReady } from '../../platform/test/helpers/service.ts';
import { createMlService } from '../src/app.ts';
import { modelsIn } from './helpers/places.ts';

const server = useDatabase(test);

interface Answer {
  readonly model: string;
  readonly recommendations: {
    event: { title: string };
    score: number;
    reasons: { type: string; count?: number }[];
  }[];
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 + 60_000);

async function makeEvent(title: string, city: string, days: number, savedBy: number, more = {}) {
  const { insert } = server();
  const event_id = await insert('events', {
    uid: title,
    title,
    city,
    starts_at: inDays(days),
    ...more,
  });
  for (let i = 0; i < savedBy; i++) {
    const email = `saver-${event_id}-${i}@example.com`;
    const user_id = await insert('users', { email, name: 'Saver', password_hash: '$argon2id$x' });
    await insert('event_saves', { user_id, event_id });
  }
}

test('recommendations – saved, soon, over, cancelled, far – the right ones with true reasons', async (t) => {
  await makeEvent('Loved', 'Cork', 20, 5);
  await makeEvent('Tomorrow', 'Cork', 1, 0);
  await makeEvent('Liked', 'Cork', 20, 1);
  await makeEvent('Over', 'Cork', -1, 6);
  await makeEvent('Called off', 'Cork', 3, 6, { status: 'cancelled' });
  await makeEvent('Next season', 'Cork', 80, 6);
  await makeEvent('Elsewhere', 'Dublin', 2, 7);
  const config = {
    ...{ ...testServerConfig, tokens: testVerifier, models: modelsIn('/nonexistent') },
    database: server().config,
  };
  const { json, get } = await startReady(
    t,
    createMlService(config, { checkResponses: true, log: silentLog('ml-service') }),
  );

  const inCork = await json<Answer>('/v1/recommendations?city=cork');
  t.is(inCork.model, 'popularity');
  t.deepEqual(
    inCork.recommendations.map(({ event, reasons }) => [event.title, reasons]),
    [
      ['Loved', [{ type: 'saves', count: 5 }]],
      ['Liked', [{ type: 'saves', count: 1 }]],
      ['Tomorrow', [{ type: 'soon', days: 1 }]],
    ],
  );

  const all = await json<Answer>('/v1/recommendations?limit=1');
  t.deepEqual(
    all.recommendations.map(({ event }) => event.title),
    ['Elsewhere'],
  );
  for (const limit of ['0', '51', '-5', 'all']) {
    t.is((await get(`/v1/recommendations?limit=${limit}`)).status, 400);
  }
});
