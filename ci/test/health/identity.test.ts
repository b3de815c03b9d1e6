import test from 'ava';
import { judgeAnswer } from '../../src/health/identity.ts';
import { services } from '../../src/services.ts';
import type { Probe } from '../../src/target/target.ts';
import { healthBody } from '../fake-target.ts';

const source = 'src-1f2e3d4c';
const probe: Probe = {
  via: 'pod',
  service: 'aggregator',
  pod: 'aggregator-1',
  port: 4000,
  address: '',
};
const siblings = new Set(services.map((service) => service.name));
const judge = (body: string, error?: string, expected = source) =>
  judgeAnswer(
    { probe, body, ...(error ? { error } : {}) },
    { service: 'aggregator', source: expected },
    siblings,
  );
const body = (more: object = {}) => healthBody('aggregator', source, more);
const down = { status: 'down', detail: 'connect ECONNREFUSED' };

const rows: Readonly<Record<string, readonly [string, boolean, RegExp]>> = {
  'right service and release': [body(), true, /^says ok$/],
  'additional fields': [body({ uptimeSeconds: 3, extra: [1] }), true, /^says ok$/],
  'a dependency that the site is set up without': [
    body({ dependencies: { mail: { status: 'off', detail: 'SMTP_URL is not set' } } }),
    true,
    /^says ok$/,
  ],
  'no dependencies named': [body({ dependencies: undefined }), true, /^says ok$/],
  'another release': [
    healthBody('aggregator', 'src-00000000'),
    false,
    /^is answered by another release: src-00000000$/,
  ],
  'a release that says none': [body({ source: null }), false, /another release: null/],
  'another service': [healthBody('dj-service', source), false, /^is answered by dj-service$/],
  'degraded by a sibling': [
    body({ status: 'degraded', dependencies: { 'dj-service': down } }),
    true,
    /^says degraded: dj-service: connect ECONNREFUSED$/,
  ],
  'degraded by all siblings': [
    body({ status: 'degraded', dependencies: { 'dj-service': down, 'ml-service': down } }),
    true,
    /dj-service.*ml-service/,
  ],
  'degraded by its database': [
    body({ status: 'degraded', dependencies: { database: down } }),
    false,
    /^says degraded: database: connect ECONNREFUSED$/,
  ],
  'ok, though its database is down': [
    body({ dependencies: { database: down } }),
    false,
    /^says ok: database: connect ECONNREFUSED$/,
  ],
  'degraded by a sibling and its database': [
    body({ status: 'degraded', dependencies: { 'dj-service': down, database: down } }),
    false,
    /database/,
  ],
  'a dependency without a detail': [
    body({ dependencies: { database: { status: 'unknown' } } }),
    false,
    /database: unknown/,
  ],
  'a dependency that is null': [
    body({ dependencies: { database: null } }),
    false,
    /database: undefined/,
  ],
  unready: [body({ status: 'unready' }), false, /^says unready$/],
  stopping: [body({ status: 'stopping' }), false, /^says stopping$/],
  'a state that nobody knows': [body({ status: 'fine' }), false, /^says fine$/],
  'no state': [body({ status: undefined }), false, /^says undefined$/],
  'a page of HTML': ['<html>502 Bad Gateway</html>', false, /something else than health: "<html>/],
  'an empty body': ['', false, /something else than health: ""/],
  'JSON cut off': [body().slice(0, -2), false, /something else than health/],
  'JSON null': ['null', false, /something else than health/],
  'JSON list': ['[]', false, /something else than health/],
  'JSON number': ['200', false, /something else than health/],
  'JSON of something else': ['{"status":"ok"}', false, /something else than health/],
  'a huge page': ['x'.repeat(100_000), false, /^.{1,200}$/],
};

for (const [situation, [answer, healthy, message]] of Object.entries(rows)) {
  test(`judgeAnswer – ${situation} – ${healthy ? 'healthy' : 'not healthy'}`, (t) => {
    const finding = judge(answer);
    t.is(finding.healthy, healthy);
    t.regex(finding.message, message);
  });
}

test('judgeAnswer – connection refused – not healthy, in the tool’s words', (t) => {
  const finding = judge('', 'curl: (7) Failed to connect to 10.0.0.1 port 4000');
  t.false(finding.healthy);
  t.is(finding.message, 'gave no answer: curl: (7) Failed to connect to 10.0.0.1 port 4000');
});

test('judgeAnswer – no release recorded a source – it is not compared', (t) => {
  t.true(judge(healthBody('aggregator', 'src-whatever'), undefined, '').healthy);
});

test('judgeAnswer – each vantage point – named by what was asked', (t) => {
  const identity = { service: 'aggregator', source };
  const asked: [Probe, string][] = [
    [probe, 'aggregator-1'],
    [{ via: 'service', service: 'aggregator', port: 4000, address: '10.0.0.1' }, '10.0.0.1'],
    [
      { via: 'ingress', service: 'aggregator', host: 'api.x', address: '10.0.0.2', tls: true },
      'api.x',
    ],
  ];
  for (const [one, subject] of asked) {
    t.is(judgeAnswer({ probe: one, body: body() }, identity, siblings).subject, subject);
  }
});
