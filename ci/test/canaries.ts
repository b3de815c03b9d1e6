import { randomBytes } from 'node:crypto';

/** Something that must never be seen: a text that holds it, and the pieces that would give it away. */
export interface Canary {
  readonly kind: string;
  readonly text: string;
  readonly secret: readonly string[];
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const upper = (length: number): string =>
  [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
const base64url = (length: number): string => randomBytes(length).toString('base64url');

/** Forty characters of all kinds, as IAM makes them. */
const awsSecret = (): string => `aB3/${randomBytes(60).toString('base64').slice(0, 35)}Z`;
const jwt = (): readonly [string, string, string] => [
  Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
  Buffer.from(JSON.stringify({ sub: base64url(9), exp: 1 })).toString('base64url'),
  base64url(32),
];
const ecrPassword = (): string =>
  Buffer.from(JSON.stringify({ payload: base64url(90), version: '2', type: 'DATA_KEY' })).toString(
    'base64',
  );

/** What a process is handed and has to know: no pattern would find these. */
export const knownValues = [
  'correct horse battery staple',
  'p@ss/w0rd+with%odd&chars',
  `plain${base64url(12)}`,
  'ünïcödé-geheimnis',
] as const;

const made = (kind: string, text: string, ...secret: readonly string[]): Canary => ({
  kind,
  text,
  secret,
});

function oneOfEach(): Canary[] {
  const id = `AKIA${upper(16)}`;
  const temporary = `ASIA${upper(16)}`;
  const aws = awsSecret();
  const [header, payload, signature] = jwt();
  const ecr = ecrPassword();
  const password = base64url(12);
  const bearer = base64url(30);
  const key = randomBytes(96).toString('base64');
  const pem = `-----BEGIN PRIVATE KEY-----\n${key.slice(0, 64)}\n${key.slice(64)}\n-----END PRIVATE KEY-----`;
  return [
    made('AWS access key', id, id),
    made('temporary AWS access key', temporary, temporary),
    made('AWS secret key', aws, aws),
    made('JWT', [header, payload, signature].join('.'), payload, signature),
    made('ECR password', ecr, ecr, ecr.slice(20, 60)),
    made('URL with userinfo', `mysql://craic:${password}@10.0.0.1:3306/gigsdb`, password),
    made('bearer token', `Authorization: Bearer ${bearer}`, bearer),
    made('named value', `DB_PASSWORD=${password}`, password),
    made('value in JSON', JSON.stringify({ jwtSecret: password, port: 1 }), password),
    made('private key', pem, key.slice(0, 64), key.slice(64, 120)),
  ];
}

export const canaries: readonly Canary[] = [
  ...knownValues.map((value, index) => made(`known value ${index + 1}`, value, value)),
  ...oneOfEach(),
  ...oneOfEach().map((it) => ({ ...it, kind: `another ${it.kind}` })),
];

const wrap = (text: string, width: number): string =>
  text.replaceAll(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n');

/** How a text may be written that holds a secret. */
export const forms: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 behind other bytes': (text) => Buffer.from(`log: ${text}`).toString('base64'),
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 in lines': (text) => wrap(Buffer.from(text).toString('base64'), 76),
  'URL-encoded': (text) => encodeURIComponent(text),
  'JSON-escaped': (text) => JSON.stringify(text),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify({ line: text })),
  'JSON with escaped slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'split over lines': (text) => wrap(text, 16),
  'split by \\n': (text) => wrap(text, 20).replaceAll('\n', '\\n'),
};
