import { openDatabase } from '@whatsthecraic/platform/database';
import { createTokens } from '@whatsthecraic/platform/tokens';
import test, { type ExecutionContext } from 'ava';
import { testTokens, useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { createSessions } from '../src/domain/sessions.ts';
import { createSessionStore } from '../src/store/sessions.ts';

const server = useDatabase(test);
const at = Date.now();
const now = () => at;

/** The sessions of one replica. */
function replica(t: ExecutionContext) {
  const log = silentLog('test');
  // The machine may be busy: here only the outcome counts, not the time.
  const patience = { acquireTimeoutMs: 60_000, statementTimeoutMs: 30_000 };
  const database = openDatabase({ config: server().config, log, ...patience });
  t.teardown(() => database.close());
  const store = createSessionStore(database, now);
  return createSessions({ store, tokens: createTokens(testTokens), log, now });
}

test('rotation – two thousand requests on two replicas, fifty with each token at once – give one successor each', async (t) => {
  t.timeout(300_000);
  const replicas = [replica(t), replica(t)];
  const id = await server().insert('users', {
    ...{ email: 'many@example.com', name: 'M', password_hash: '$argon2id$none' },
  });
  const ROUNDS = 4;
  const AT_ONCE = 50;
  // ROTATIONS=10000 asks more of a machine that has the time.
  const SESSIONS = Number(process.env.ROTATIONS ?? 2_000) / ROUNDS / AT_ONCE;
  let tokens = await Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      return (await replicas[0]?.begin({ id, role: 'user' }, ''))?.refreshToken ?? '';
    }),
  );

  for (let round = 0; round < ROUNDS; round++) {
    const next: string[] = [];
    for (const token of tokens) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, i) => replicas[i % 2]?.refresh(token)),
      );
      const successors = new Set(answers.map((it) => it?.refreshToken));
      t.is(successors.size, 1, 'two successors of one token are a double success');
      next.push([...successors][0] ?? '');
    }
    tokens = next;
  }

  const [rows] = await server().admin.query('SELECT rotations, ended_at FROM sessions');
  const sessions = rows as { rotations: number; ended_at: Date | null }[];
  t.is(sessions.length, SESSIONS);
  t.true(sessions.every(({ rotations, ended_at }) => rotations === ROUNDS && ended_at === null));
});
