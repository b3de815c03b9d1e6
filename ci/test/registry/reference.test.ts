import test from 'ava';
import {
  formatReference,
  imageIn,
  parseReference,
  parseRegistry,
  repositoryOf,
} from '../../src/registry/reference.ts';

const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const digest = `sha256:${'a'.repeat(64)}`;

const registries = {
  [ecr]: { host: ecr, origin: `https://${ecr}`, prefix: 'whatsthecraic' },
  [`${ecr}/`]: { host: ecr, origin: `https://${ecr}`, prefix: 'whatsthecraic' },
  'localhost:5000': {
    host: 'localhost:5000',
    origin: 'http://localhost:5000',
    prefix: 'whatsthecraic',
  },
  '127.0.0.1:5000/team/gigs': {
    host: '127.0.0.1:5000',
    origin: 'http://127.0.0.1:5000',
    prefix: 'team/gigs',
  },
  '[::1]:5000': { host: '[::1]:5000', origin: 'http://[::1]:5000', prefix: 'whatsthecraic' },
  'http://Registry.lan/gigs': {
    host: 'registry.lan',
    origin: 'http://registry.lan',
    prefix: 'gigs',
  },
  'https://localhost:5000': {
    host: 'localhost:5000',
    origin: 'https://localhost:5000',
    prefix: 'whatsthecraic',
  },
};

for (const [text, expected] of Object.entries(registries)) {
  test(`registry – ${text} – is understood`, (t) => {
    t.deepEqual(parseRegistry(text), expected);
  });
}

const nonsense = [
  '',
  '/',
  'http://',
  'ftp://host',
  'a b',
  'host:0',
  'host:70000',
  'host:port',
  'user:pw@host',
  'host/UPPER',
  'host/a:tag',
  'host//a',
  '-host',
];

for (const text of nonsense) {
  test(`registry – ${JSON.stringify(text)} – is refused with what was expected`, (t) => {
    t.throws(() => parseRegistry(text), { code: 'INVALID_REFERENCE', message: /expected/ });
  });
}

const images = {
  'node:24': 'docker.io/library/node:24',
  node: 'docker.io/library/node:latest',
  'docker.io/library/node:24-bookworm-slim': 'docker.io/library/node:24-bookworm-slim',
  'team/app': 'docker.io/team/app:latest',
  'gcr.io/distroless/cc-debian12:nonroot': 'gcr.io/distroless/cc-debian12:nonroot',
  'localhost:5000/a/b': 'localhost:5000/a/b:latest',
  [`node:24@${digest}`]: `docker.io/library/node@${digest}`,
};

for (const [text, expected] of Object.entries(images)) {
  test(`image – ${text} – is named in full`, (t) => {
    t.is(formatReference(parseReference(text)), expected);
  });
}

for (const text of [
  '',
  'a:',
  'A',
  'a@sha256:12',
  `a@${digest}@${digest}`,
  'a/b:t t',
  'host:5000/',
]) {
  test(`image – ${JSON.stringify(text)} – is refused`, (t) => {
    t.throws(() => parseReference(text), { code: 'INVALID_REFERENCE' });
  });
}

test('image – of a service in a registry – bears the common path', (t) => {
  const registry = parseRegistry('localhost:5000');
  t.is(repositoryOf(registry, 'auth-service'), 'localhost:5000/whatsthecraic/auth-service');
  const image = imageIn(registry, 'auth-service', 'src-1');
  t.is(formatReference(image), 'localhost:5000/whatsthecraic/auth-service:src-1');
});

test("image – Docker Hub's – is asked for where its API answers", (t) => {
  t.is(parseReference('node:24').origin, 'https://registry-1.docker.io');
});
