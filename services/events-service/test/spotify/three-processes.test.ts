import test, { type ExecutionContext } from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { createSourcesServer } from '../../../../local/sources/server.ts';
import { createSpotify } from '../../../../local/sources/spotify/index.ts';
import { useDatabase } from '../../../platform/test/helpers/database.ts';
import { as, makePeople, senderTo } from '../../../platform/test/helpers/keepers.ts';
import { until } from '../../../platform/test/helpers/start.ts';
import { environmentOf, startProgram, startReplica } from '../helpers/processes.ts';

const server = useDatabase(test);
const PENALTY_SECONDS = 12;

/** Spotify, and when it was asked what; its clock is the database's too. */
async function startSpotify(t: ExecutionContext) {
  const calls: { readonly at: number; readonly path: string }[] = [];
  const spotify = createSpotify();
  const sources = createSourcesServer([
    {
      name: 'spotify',
      answer(call) {
        calls.push({ at: Date.now(), path: call.path });
        return spotify.answer(call);
      },
    },
  ]);
  const url = await sources.listen();
  t.teardown(() => sources.close());
  const limit = (retryAfter: number) =>
    sources.faults.add({
      ...{ source: 'spotify', path: '/search', kind: 'status', status: 429 },
      retryAfter,
    });
  return { url, calls, limit };
}

async function startJob(t: ExecutionContext, env: NodeJS.ProcessEnv) {
  const file = new URL('helpers/ask-spotify.ts', import.meta.url);
  const { child, lines } = startProgram(t, file, env);
  const said = lines[Symbol.asyncIterator]();
  const next = async () => String((await said.next()).value);
  t.is(await next(), 'ready');
  return (name: string): Promise<string> => {
    child.stdin?.write(`${name}\n`);
    return next();
  };
}

/** When the penalty that is noted ends. */
async function closedUntil(): Promise<number> {
  const [rows] = await server().admin.query<RowDataPacket[]>(
    'SELECT closed_until AS at FROM api_penalties',
  );
  return (rows[0]?.at as Date | undefined)?.getTime() ?? 0;
}

test('spotify – two replicas and a job as three processes – keep one penalty, whichever of them met it', async (t) => {
  t.timeout(180_000);
  await makePeople(server());
  const { url, calls, limit } = await startSpotify(t);
  const env = environmentOf(server(), url);
  const [one, two, job] = await Promise.all([
    startReplica(t, env),
    startReplica(t, env),
    startJob(t, env),
  ]);
  const search = async (replica: string, q: string) => {
    const path = `/events/spotify/search?${new URLSearchParams({ q })}`;
    const { status, body, headers } = await senderTo(replica)('GET', path, as('user'));
    return { outcome: body.code ?? String(status), retryAfter: Number(headers.get('retry-after')) };
  };
  // Each has a token and has asked once, so that nothing but the penalty holds it back.
  t.is((await search(one, 'first of one')).outcome, '200');
  t.is((await search(two, 'first of two')).outcome, '200');
  t.is(await job('first of the job'), 'found');

  limit(PENALTY_SECONDS);
  const patient = job('the job meets it');
  await until(async () => (await closedUntil()) > 0, 10_000);
  const noted = calls.length;
  const opens = await closedUntil();
  let round = 0;
  do {
    const answers = await Promise.all([search(one, `one ${round}`), search(two, `two ${round}`)]);
    for (const { outcome, retryAfter } of answers) {
      t.is(outcome, 'spotify_paused');
      t.true(retryAfter >= 1 && retryAfter <= PENALTY_SECONDS, `${retryAfter}`);
    }
    t.is(calls.length, noted);
    round += 1;
  } while (Date.now() < opens - PENALTY_SECONDS * 500);
  // The job waits for the end of it, and is answered.
  t.is(await patient, 'found');
  const [again] = calls.slice(noted);
  t.true((again?.at ?? 0) >= opens - 50, `asked ${opens - (again?.at ?? 0)} ms too early`);
  t.is((await search(one, 'afterwards')).outcome, '200');

  limit(86_400);
  t.is((await search(two, 'a replica meets it')).outcome, 'spotify_paused');
  const before = calls.length;
  t.is(await job('the job hears of it'), 'spotify_paused');
  t.is((await search(one, 'the other hears of it')).outcome, 'spotify_paused');
  // Nor does one that starts now: it does not even ask for a token.
  const newcomer = await startReplica(t, env);
  t.is((await search(newcomer, 'a newcomer hears of it')).outcome, 'spotify_paused');
  const late = await startJob(t, env);
  t.is(await late('so does a new job'), 'spotify_paused');
  t.is(calls.length, before);
  // What is known stays known.
  t.is((await search(two, 'first of two')).outcome, '200');
});
