import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { decodeModel } from '../src/models/model-file.ts';
import { makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';
import { trainingEnvironment } from './helpers/training-environment.ts';

const server = useDatabase(test);
const program = fileURLToPath(new URL('helpers/train-and-die.ts', import.meta.url));

/** How the program ended, and the moments that it came to. */
async function train(folder: string, dieAt: string) {
  const env = { ...trainingEnvironment(server(), folder), CLOCK_AHEAD_MS: '2000' };
  const child = spawn(process.execPath, ['--conditions=source', program, dieAt], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const moments = (await text(child.stdout)).trim().split('\n');
  const [code, signal] = (await ended) as [number | null, string | null];
  return { code, signal, moments };
}

/** Every model there can be read; names of what is not yet a model. */
async function inspect(folder: string): Promise<{ models: string[]; parts: string[] }> {
  const names = await readdir(folder);
  const models = names.filter((name) => name.endsWith('.model'));
  for (const name of models) decodeModel(await readFile(join(folder, name)));
  return { models, parts: names.filter((name) => !name.endsWith('.model')) };
}

test('training – killed at every step – the old model serves on, nothing half-written is a model, and the next one trains', async (t) => {
  t.timeout(180_000);
  const { admin, insert } = server();
  const person = await signIn(server());
  const event = await makeEvent(server(), 'jazz', { genre: 'jazz' });
  await makeEvent(server(), 'more jazz', { genre: 'jazz' });
  await insert('event_saves', { user_id: person.id, event_id: event });
  const folder = await modelFolder(t);
  const copyOf = async () => {
    const copy = await modelFolder(t);
    await cp(folder, copy, { recursive: true });
    return copy;
  };
  const rows = async () => {
    const [found] = await admin.query<RowDataPacket[]>(
      `SELECT (SELECT COUNT(*) FROM model_versions) AS versions,
         (SELECT COUNT(*) FROM model_service) AS services`,
    );
    return found[0];
  };
  const one = await trainOnce(server(), folder);
  t.deepEqual(await rows(), { versions: 1, services: 1 });

  // A run to the end tells which moments there are; what it did is taken back.
  const whole = await train(await copyOf(), 'never');
  t.is(whole.code, 0);
  await admin.query('DELETE FROM model_service WHERE id > 1');
  await admin.query('DELETE FROM model_versions WHERE version <> ?', [one.version]);
  const passes = whole.moments.filter((it) => it.startsWith('pass '));
  const some = new Set([passes[0], passes[passes.length >> 1], passes.at(-1)]);
  const before = whole.moments
    .slice(0, whole.moments.indexOf('committed'))
    .filter((it) => !it.startsWith('pass ') || some.has(it));
  t.true(before.length >= 16, before.join(', '));

  const waiting = [...before];
  const killed: string[] = [];
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (let moment = waiting.shift(); moment; moment = waiting.shift()) {
        const own = await copyOf();
        const { signal } = await train(own, moment);
        const { models, parts } = await inspect(own);
        t.is(signal, 'SIGKILL', moment);
        t.true(models.includes(`${one.version}.model`));
        killed.push(`${moment}: ${models.length - 2} new files, ${parts.length} parts`);
      }
    }),
  );
  t.log(killed.toSorted());
  t.deepEqual(await rows(), { versions: 1, services: 1 });
  const { list } = await startMl(t, server(), folder);
  t.is((await list(person.headers)).modelVersion, one.version);

  const torn = await copyOf();
  await train(torn, 'file 2 half written');
  t.is((await inspect(torn)).parts.length, 1);
  const next = await trainOnce(server(), torn, () => new Date(Date.now() + 3_000));
  t.deepEqual((await inspect(torn)).parts, []);
  const after = await startMl(t, server(), torn);
  t.is((await after.list(person.headers)).modelVersion, next.version);

  const late = await train(torn, 'committed');
  t.is(late.signal, 'SIGKILL');
  t.deepEqual(await rows(), { versions: 3, services: 3 });
  const last = await startMl(t, server(), torn);
  t.not((await last.list(person.headers)).modelVersion, next.version);
  t.is((await last.json<{ status: string }>('/health')).status, 'ok');
});
