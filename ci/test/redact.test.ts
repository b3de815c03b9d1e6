import test from 'ava';
import fc from 'fast-check';
import { hidden, hide, redact, redactAll } from '../src/redact.ts';
import { canaries, forms, knownValues } from './canaries.ts';

hide(...knownValues);

for (const { kind, secret, text } of canaries) {
  for (const [form, write] of Object.entries(forms)) {
    test(`redact – ${kind}, ${form} – shows none of it`, (t) => {
      const end = form.startsWith('split') ? '\nafter' : ' after';
      const shown = redact(`before ${write(text)}${end}\nnext line\n`);
      const joined = shown.replaceAll(/\\?\r?\n|\\n/g, '');
      for (const piece of secret) {
        t.false(joined.includes(piece), shown);
        t.false(shown.includes(write(piece)), shown);
        for (let at = 0; at + 8 <= piece.length; at += 4) {
          t.false(joined.includes(piece.slice(at, at + 8)), shown);
        }
      }
      t.true(shown.includes(hidden));
      t.true(shown.startsWith('before'), shown);
      t.true(shown.endsWith('next line\n'), shown);
    });
  }
}

const harmless = [
  'the container exited with code 1 2 times',
  'registry.example.com/whatsthecraic/dj-service@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'src-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 of main',
  "couldn't find key JWT_SECRET in Secret whatsthecraic/whatsthecraic-secrets",
  'secret "whatsthecraic-secrets" not found',
  'Head "https://385017713886.dkr.ecr.eu-west-1.amazonaws.com/v2/whatsthecraic/dj-service/manifests/sha256:9f86": 403 Forbidden',
  '{"level":"error","time":"2026-11-24T22:00:00.000Z","service":"dj-service","msg":"the database is away"}',
  'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
  'denied: Your authorization token has expired. Reauthenticate and try again.',
  'pods "dj-service-7d9f8c6b5-x2x4z" is forbidden: exceeded quota: mem, requested: requests.memory=96Mi',
  'at file:///app/services/dj-service/dist/server.js:12:34',
];
for (const text of harmless) {
  test(`redact – no secret – stays as it is: ${text.slice(0, 50)}`, (t) => {
    t.is(redact(text), text);
  });
}

test('redact – a name beside the secret – stays, so that a person sees what it was', (t) => {
  t.is(redact('DB_PASSWORD=hunter2000 DB_USER=craic'), `DB_PASSWORD="${hidden}" DB_USER=craic`);
  t.is(redact('mysql://craic:hunter2000@10.0.0.1/gigsdb'), `mysql://${hidden}@10.0.0.1/gigsdb`);
  t.is(redact('{"password":"a \\"b\\" c","user":"x"}'), `{"password":"${hidden}","user":"x"}`);
});

test('redact – a known value in any text – is never shown', (t) => {
  const value = knownValues[0] ?? '';
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      t.false(redact(`${before}${value}${after}`).includes(value));
    }),
    { numRuns: 300 },
  );
});

test('redact – any text – is not changed by a second time', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      t.is(redact(redact(text)), redact(text));
    }),
    { numRuns: 300 },
  );
});

test('redactAll – a nested value – only its texts change', (t) => {
  const value = { password: 'x', list: [1, `Bearer ${'a'.repeat(20)}`, null], deep: { a: true } };
  t.deepEqual(redactAll(value), {
    password: 'x',
    list: [1, `Bearer ${hidden}`, null],
    deep: { a: true },
  });
});

for (const [what, text] of Object.entries({
  'one endless word': 'x'.repeat(300_000),
  'endless words of hex': `${'ab12'.repeat(2_000)}\n`.repeat(40),
  'lines of base64': `${'QUJD'.repeat(16)}\n`.repeat(3_000),
  'percent signs': '%41'.repeat(60_000),
  'names of secrets': 'token secret password '.repeat(10_000),
  'slashes and quotes': '"/\\/"'.repeat(50_000),
})) {
  test(`redact – ${what} – is quick`, (t) => {
    const started = performance.now();
    redact(text);
    t.true(performance.now() - started < 3_000, `${performance.now() - started} ms`);
  });
}
