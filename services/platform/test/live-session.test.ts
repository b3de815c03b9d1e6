import test from 'ava';
import { openDatabase } from '../src/database.ts';
import { Unauthorized } from '../src/errors.ts';
import { createLiveVerify } from '../src/live-session.ts';
import { createTokens } from '../src/tokens.ts';
import { testTokens, useDatabase } from './helpers/database.ts';
import { silentLog } from './helpers/service.ts';
import { signIn } from './helpers/sign-in.ts';

const server = useDatabase(test);

test('live session – a token – opens what its session and the present role open, and no more after its end', async (t) => {
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  let at = Date.now();
  const tokens = createTokens(testTokens);
  const verify = createLiveVerify(tokens, database, () => at);
  const codeOf = async (token: string) =>
    (await t.throwsAsync(async () => verify(token), { instanceOf: Unauthorized }))?.code;
  const { id, token, sessionId } = await signIn(server(), 'organizer');
  const other = await signIn(server());

  t.deepEqual(await verify(token), { id, role: 'organizer', sessionId });
  await server().admin.query("UPDATE users SET role = 'user' WHERE id = ?", [id]);
  t.like(await verify(token), { role: 'user' });

  t.is(await codeOf(tokens.sign({ id, role: 'user' })), 'invalid_token', 'no session');
  const stolen = tokens.sign({ id, role: 'user', sessionId: other.sessionId });
  t.is(await codeOf(stolen), 'session_ended', 'a session of somebody else');
  await server().admin.query('UPDATE sessions SET ended_at = NOW(3) WHERE id = ?', [sessionId]);
  t.is(await codeOf(token), 'session_ended');
  at += 3_700_000;
  t.is(await codeOf(other.token), 'session_ended', 'past its end');
});
