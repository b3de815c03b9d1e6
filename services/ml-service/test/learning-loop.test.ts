import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { makeEvent, modelFolder, startMl } from './helpers/start-ml.ts';
import { trainingEnvironment } from './helpers/training-environment.ts';

const server = useDatabase(test);
const run = promisify(execFile);
const command = fileURLToPath(new URL('../src/train.ts', import.meta.url));

test('learning loop – three techno gigs in Cork saved, trained, one hidden, restarted – the list follows', async (t) => {
  const { admin } = server();
  const folder = await modelFolder(t);
  for (const city of ['Cork', 'Dublin', 'Galway']) {
    for (const genre of ['folk', 'jazz', 'house', 'techno'] as const) {
      for (let n = 1; n <= 4; n++) {
        await makeEvent(server(), `${genre} ${city} ${n}`, { city, genre, days: 5 + n });
      }
    }
  }
  const person = await signIn(server());
  const env = { ...trainingEnvironment(server(), folder), LOG_LEVEL: 'info' };
  const train = () =>
    run(process.execPath, ['--conditions=source', command, '--now'], { env, timeout: 50_000 });
  const titles = (list: { recommendations: { event: { title: string } }[] }) =>
    list.recommendations.map(({ event }) => event.title);

  const first = await startMl(t, server(), folder);
  const cold = await first.list(person.headers, { limit: 5 });
  t.is(cold.modelVersion, 'popularity');
  t.is(cold.confidence, 'low');
  const all = await first.list(person.headers, { limit: 100 });
  const idOf = (title: string) =>
    all.recommendations.find(({ event }) => event.title === title)?.event.id;
  for (const n of [1, 2, 3]) {
    const { status } = await first.call('POST', '/v1/feedback', person.headers, {
      eventId: idOf(`techno Cork ${n}`),
      action: 'save',
      exposureId: all.exposureId,
    });
    t.is(status, 201);
  }
  const [rows] = await admin.query<RowDataPacket[]>(
    'SELECT action, exposure_id, position FROM feedback WHERE user_id = ? ORDER BY id',
    [person.id],
  );
  t.is(rows.length, 3);
  t.true(rows.every((row) => row.exposure_id === all.exposureId && row.position > 0));

  const { stdout } = await train();
  t.regex(stdout, /"msg":"model trained"/);
  const second = await startMl(t, server(), folder);
  const warm = await second.list(person.headers, { limit: 5 });
  t.regex(warm.modelVersion, /^\d{8}T\d{6}Z-[0-9a-f]{8}$/);
  t.is(titles(warm)[0], 'techno Cork 4');
  t.deepEqual(
    warm.recommendations[0]?.reasons.map(({ type, because }) => [type, because]).slice(0, 1),
    [['genre', 'liked']],
  );
  t.is(warm.recommendations[0]?.reason, 'You liked Techno before');

  const hidden = { eventId: warm.recommendations[0]?.event.id, action: 'hide' };
  t.is((await second.call('POST', '/v1/feedback', person.headers, hidden)).status, 201);
  t.false(titles(await second.list(person.headers, { limit: 100 })).includes('techno Cork 4'));
  const third = await startMl(t, server(), folder);
  const after = await third.list(person.headers, { limit: 100 });
  t.is(after.modelVersion, warm.modelVersion);
  t.false(titles(after).some((it) => it.startsWith('techno Cork')));
  t.regex(titles(after)[0] ?? '', /techno|Cork/);
});
