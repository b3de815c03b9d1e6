import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../src/database.ts';
import { TooManyRequests } from '../src/errors.ts';
import { countedAddress, createThrottle, type Limit } from '../src/throttle.ts';
import { useDatabase } from './helpers/database.ts';
import { silentLog } from './helpers/service.ts';

const server = useDatabase(test);
const limit = (name: string, most: number): Limit => ({ name, most, windowMs: 60_000 });

function open(t: ExecutionContext, now?: () => number) {
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  return createThrottle(database, now);
}

test('7.A-14 throttle – two replicas and sixty attempts at once – let through what the limit says, together', async (t) => {
  const replicas = [open(t), open(t)];
  const charges = [
    { limit: limit('account', 10), key: 'a' },
    { limit: limit('address', 30), key: '203.0.113.9' },
  ];

  const outcomes = await Promise.allSettled(
    Array.from({ length: 60 }, (_, i) => replicas[i % 2]?.charge(charges)),
  );

  const refused = outcomes.filter((it) => it.status === 'rejected').map(({ reason }) => reason);
  t.deepEqual([...new Set(refused.map(({ code }) => code))], ['too_many_attempts']);
  t.is(outcomes.length - refused.length, 10);
});

test('throttle – beyond a limit – tells when to come back, and lets in then', async (t) => {
  let at = Date.now();
  const throttle = open(t, () => at);
  const charges = [{ limit: limit('waits', 1), key: 'k' }];
  await throttle.charge(charges);

  at += 20_000;
  const error = await t.throwsAsync(throttle.charge(charges), { instanceOf: TooManyRequests });
  t.like(error, { status: 429, headers: { 'Retry-After': '40' } });
  at += 40_000;
  await throttle.charge(charges);
  await t.throwsAsync(throttle.charge(charges));
});

test('throttle – attempts taken back – leave room, and keys do not share it', async (t) => {
  const throttle = open(t);
  const of = (key: string) => [{ limit: limit('refunds', 1), key }];

  for (let i = 0; i < 3; i++) {
    await throttle.charge(of('a'));
    await throttle.refund(of('a'));
  }
  await throttle.charge(of('b'));
  await t.throwsAsync(throttle.charge(of('b')));
  await t.notThrowsAsync(throttle.charge(of('a')));
});

test('countedAddress – an IPv6 address – counts as its network, an IPv4 one as itself', (t) => {
  t.is(countedAddress('203.0.113.9'), '203.0.113.9');
  t.is(countedAddress('::ffff:203.0.113.9'), '203.0.113.9');
  t.is(countedAddress('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  t.is(countedAddress('2001:0db8:1:2::9'), '2001:db8:1:2::/64');
  t.is(countedAddress('::1'), '0:0:0:0::/64');
  t.is(countedAddress('2001:db8::1'), countedAddress('2001:db8:0:0:ffff::'));
});
