import test from 'ava';
import { judgeAnswer } from '../../src/health/identity.ts';
import { judgeCertificate, ledNowhere, noAnswerAt } from '../../src/health/ingress.ts';
import { healthBody } from '../fake-target.ts';

const probe = {
  via: 'ingress',
  service: 'aggregator',
  host: 'api.example.ie',
  address: '10.0.0.2',
  tls: true,
} as const;

const silences: Readonly<Record<string, RegExp>> = {
  'curl: (7) Failed to connect to api.example.ie port 443 after 0 ms: Couldn’t connect':
    /nothing listens at 10\.0\.0\.2:443, so Traefik is down there or was never set up \(curl: /,
  'connect ECONNREFUSED 10.0.0.2:443': /nothing listens at 10\.0\.0\.2:443/,
  'curl: (28) Operation timed out after 5001 milliseconds': /^gave no answer: curl: \(28\)/,
  'no answer within 5 s': /^gave no answer: no answer within 5 s$/,
};
for (const [error, message] of Object.entries(silences)) {
  test(`an ingress host – ${error.slice(0, 40)} – is told with its cause`, (t) => {
    t.regex(noAnswerAt(probe, error), message);
    t.regex(
      judgeAnswer({ probe, body: '', error }, { service: 'aggregator', source: '' }, new Set())
        .message,
      message,
    );
  });
}

test('an ingress host – plain HTTP and nobody listens – names port 80', (t) => {
  t.regex(noAnswerAt({ ...probe, tls: false }, 'connect ECONNREFUSED'), /10\.0\.0\.2:80,/);
});

const pages: Readonly<Record<string, RegExp>> = {
  '404 page not found\n': /Traefik answers 404 for it, so it has no rule/,
  'no available server\n': /no pod that is ready/,
  'Bad Gateway': /reaches no pod of its Service and answers Bad Gateway/,
  'Gateway Timeout': /answers Gateway Timeout/,
};
for (const [body, message] of Object.entries(pages)) {
  test(`an ingress host – Traefik’s own “${body.trim()}” – leads nowhere, and why`, (t) => {
    t.regex(ledNowhere(body) ?? '', message);
    const identity = { service: 'aggregator', source: '' };
    t.regex(judgeAnswer({ probe, body }, identity, new Set()).message, message);
    const pod = { via: 'pod', service: 'aggregator', pod: 'a', port: 4000, address: '' } as const;
    t.regex(
      judgeAnswer({ probe: pod, body }, identity, new Set()).message,
      /something else/,
      'a pod has no Traefik before it',
    );
  });
}

const host = probe.host;
const certificates: readonly [string, string, readonly string[], RegExp, boolean][] = [
  [
    'Traefik’s default one',
    'SSL certificate problem: self-signed certificate',
    ['d1.c2.traefik.default'],
    /no certificate of its own but one for d1\.c2\.traefik\.default: none was issued/,
    true,
  ],
  [
    'of another host',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    ['x.ie', 'y.ie'],
    /one for x\.ie, y\.ie/,
    true,
  ],
  [
    'another’s, by a curl that names none',
    'SSL: no alternative certificate subject name matches target host name',
    [],
    /but another one/,
    true,
  ],
  ['expired', 'certificate has expired', [host], /out of date \(certificate has expired\)/, true],
  ['expired, said by Node', 'CERT_HAS_EXPIRED', [host], /out of date/, true],
  ['of an unknown issuer', 'DEPTH_ZERO_SELF_SIGNED_CERT', [host], /unknown issuer/, false],
  ['of an unknown issuer, by a wildcard', 'self-signed', ['*.example.ie'], /unknown issuer/, false],
  ['a wildcard of another level', 'self-signed', ['*.ie'], /no certificate of its own/, true],
  ['in capitals', 'self-signed', ['API.example.IE'], /unknown issuer/, false],
];
for (const [what, problem, names, message, certain] of certificates) {
  test(`a certificate – ${what} – ${certain ? 'turns browsers away' : 'is only told'}`, (t) => {
    const flaw = judgeCertificate(host, { problem, names });
    t.regex(flaw.message, message);
    t.is(flaw.certain, certain);
  });
}

test('an ingress host – the right release, without a certificate – healthy, and the flaw is kept', (t) => {
  const source = 'src-1f2e3d4c';
  const finding = judgeAnswer(
    {
      probe,
      body: healthBody('aggregator', source),
      certificate: { problem: 'self-signed certificate', names: ['x.traefik.default'] },
    },
    { service: 'aggregator', source },
    new Set(),
  );
  t.true(finding.healthy);
  t.true(finding.certificate?.certain);
});
