import { z } from 'zod';
import { Setting } from './config.ts';
import { Secret } from './secret.ts';
import { isTokenKey } from './token-keys.ts';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const milliseconds = wholeNumber(0, 120_000);

/** What every service reads. */
export const serverSettings = (port: number) => ({
  port: new Setting('PORT', wholeNumber(0, 65_535).default(port), {
    expected: 'a port from 0 to 65535 (0: any free one)',
    example: String(port),
  }),
  address: new Setting('LISTEN_ADDRESS', z.union([z.ipv4(), z.ipv6()]).nullable().default(null), {
    expected: 'an IP address of this machine; every one unless set',
    example: '127.0.0.1',
  }),
  metricsPort: new Setting('METRICS_PORT', wholeNumber(0, 65_535).default(9464), {
    expected: 'a port from 0 to 65535 (0: any free one)',
    example: '9464',
  }),
  logLevel: new Setting(
    'LOG_LEVEL',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    { expected: 'trace, debug, info, warn, error, fatal or silent', example: 'info' },
  ),
  // A pod's preStop sleep has already taken it out of its Service; this covers kept connections.
  drainMs: new Setting('DRAIN_MS', milliseconds.default(1_000), {
    expected: 'milliseconds from 0 to 120000',
    example: '1000',
  }),
  stopDeadlineMs: new Setting('STOP_DEADLINE_MS', milliseconds.default(25_000), {
    expected: 'milliseconds from 0 to 120000, below the grace period of the pod',
    example: '25000',
  }),
  warmUpRequests: new Setting(
    'WARM_UP_REQUESTS',
    z.coerce.number().int().min(0).max(5_000).default(300),
    {
      expected: 'a number from 0 to 5000: how often a service asks itself before it is ready',
      example: '300',
    },
  ),
  source: new Setting('SOURCE_DIGEST', z.string().nullable().default(null), {
    expected: 'the digest that names the image',
    example: 'src-0123456789abcdef',
  }),
  commit: new Setting('GIT_COMMIT', z.string().nullable().default(null), {
    expected: 'the commit that the image was built from',
    example: '17d7ba2',
  }),
});

/** What a service with a database reads. */
export const databaseSettings = {
  host: new Setting('DB_HOST', z.string().min(1), {
    expected: 'the host name of the database server',
    example: '127.0.0.1',
  }),
  port: new Setting('DB_PORT', wholeNumber(1, 65_535).default(3306), {
    expected: 'a port from 1 to 65535',
    example: '3306',
  }),
  user: new Setting('DB_USER', z.string().min(1), {
    expected: 'the name of the database user',
    example: 'whatsthecraic',
  }),
  password: new Setting(
    'DB_PASSWORD',
    z
      .string()
      .min(1)
      .transform((text) => new Secret(text)),
    { expected: 'the password of DB_USER', example: 'openssl rand -base64 24', secret: true },
  ),
  name: new Setting('DB_NAME', z.string().regex(/^\w+$/).default('gigsdb'), {
    expected: 'the name of the database: letters, digits and _',
    example: 'gigsdb',
  }),
  tls: new Setting('DB_TLS', z.enum(['off', 'amazon-rds']).default('off'), {
    expected: 'off, or amazon-rds to encrypt and check the server against the RDS certificates',
    example: 'amazon-rds',
  }),
};

const PEM_KINDS = { private: 'a private key', any: 'a key', 'public keys': 'public keys' };

/** RFC 7518 §3.2: a key for HS256 has at least the 256 bits of the hash. */
const secret = new Setting(
  'JWT_SECRET',
  z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32)
    .transform((text) => new Secret(text)),
  { expected: 'at least 32 bytes', example: 'openssl rand -base64 48', secret: true },
);

/** What a service reads that takes access tokens. */
export const tokenSettings = {
  secret,
  /** Where tokens are signed by a key pair: the public keys, two of them during a rotation. */
  publicKeys: pemSetting('JWT_PUBLIC_KEYS', 'public keys'),
};

/** What the service reads that makes them. */
export const signingSettings = {
  secret,
  /** With it tokens are signed by a key pair, whose public half anyone may read at the JWKS. */
  signingKey: pemSetting('JWT_SIGNING_KEY', 'private'),
  /** During a rotation: the next key until all know it, then the last one until its tokens are over. */
  otherKey: pemSetting('JWT_OTHER_KEY', 'any'),
};

/** A PEM text, of which a Secret made by hand may hold the line ends as `\\n`. */
function pemSetting(variable: string, kind: 'private' | 'any' | 'public keys') {
  return new Setting(
    variable,
    z
      .string()
      .transform((text) => text.replaceAll('\\n', '\n'))
      .refine((pem) => isTokenKey(pem, kind))
      .transform((pem) => new Secret(pem))
      .nullable()
      .default(null),
    {
      expected: `${PEM_KINDS[kind]} as PEM: EC P-256, or RSA of 2048 bits at least`,
      example: 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
      secret: true,
    },
  );
}

/** The base URL of another service. */
export const urlSetting = (variable: string, example: string) =>
  new Setting(variable, z.url({ protocol: /^https?$/ }), {
    expected: 'an http or https URL without a path',
    example,
  });
