import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { newEmail, newUser, PASSWORD, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

test('7.A-14 login – guesses from one place on two replicas – end after ten, for a known and an unknown account', async (t) => {
  const replicas = [await startAuth(t, server()), await startAuth(t, server())];
  const { email } = await newUser(replicas[0] as NonNullable<(typeof replicas)[0]>);

  for (const [index, address] of [email, newEmail()].entries()) {
    const place = from(`203.0.113.${index + 1}`);
    const statuses: (number | undefined)[] = [];
    let retryAfter = '';
    for (let i = 0; i < 12; i++) {
      const body = { email: address, password: `guess ${i}` };
      const answer = await replicas[i % 2]?.post('/auth/login', body, place);
      statuses.push(answer?.status);
      retryAfter = answer?.headers.get('retry-after') ?? '';
    }
    t.deepEqual(statuses, [...Array(10).fill(401), 429, 429]);
    t.true(Number(retryAfter) > 0 && Number(retryAfter) <= 900);
  }

  const blocked = await replicas[0]?.post(
    '/auth/login',
    { email, password: PASSWORD },
    from('203.0.113.1'),
  );
  t.is(blocked?.body.code, 'too_many_attempts', 'not even the right one, from there');
  const elsewhere = await replicas[1]?.post(
    '/auth/login',
    { email, password: PASSWORD },
    from('203.0.113.9'),
  );
  t.is(elsewhere?.status, 200, 'the owner is not locked out by somebody else');
});

test('7.A-14 login – a made-up token in the header – opens no bucket of its own', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++) {
    const headers = { ...from('203.0.113.20').headers, authorization: `Bearer random${i}` };
    statuses.push((await auth.post('/auth/login', { email, password: 'x' }, { headers })).status);
  }

  t.is(statuses.at(-1), 429);
});

test('login – many good ones from one place – are not counted against it', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await newUser(auth);

  for (let i = 0; i < 12; i++) {
    const { status } = await auth.post(
      '/auth/login',
      { email, password: PASSWORD },
      from('203.0.113.30'),
    );
    t.is(status, 200);
  }
});
