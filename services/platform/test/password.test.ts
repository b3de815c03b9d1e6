import test from 'ava';
import { hashPassword, needsRehash, verifyPassword } from '../src/password.ts';

test('hashPassword – the same password twice – two hashes that both verify', async (t) => {
  const [one, two] = await Promise.all([
    hashPassword('Gráinne 1234'),
    hashPassword('Gráinne 1234'),
  ]);

  t.regex(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  t.not(one, two);
  t.true(await verifyPassword(one, 'Gráinne 1234'));
  t.true(await verifyPassword(two, 'Gra\u0301inne 1234'), 'another Unicode form of the same text');
  t.false(await verifyPassword(one, 'gráinne 1234'));
  t.false(needsRehash(one));
});

test('verifyPassword – a hash made by another program with other costs – verifies and wants a rehash', async (t) => {
  // https://github.com/P-H-C/phc-winner-argon2/blob/master/src/test.c
  const phc =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

  t.is(await verifyPassword(phc, 'password'), true);
  t.false(await verifyPassword(phc, 'passwords'));
  t.true(needsRehash(phc));
});

test('verifyPassword – not a PHC string – is refused', async (t) => {
  await t.throwsAsync(verifyPassword('$2b$10$abc', 'x'), { instanceOf: TypeError });
});
