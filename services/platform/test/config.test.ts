import { inspect } from 'node:util';
import test from 'ava';
import { ConfigError, readConfig } from '../src/config.ts';
import { databaseSettings, serverSettings, tokenSettings, urlSetting } from '../src/settings.ts';

const settings = {
  ...serverSettings(3001),
  database: databaseSettings,
  tokens: tokenSettings,
  upstream: urlSetting('EVENTS_SERVICE_URL', 'http://events-service:4003'),
};

const good = {
  DB_HOST: 'db',
  DB_USER: 'app',
  DB_PASSWORD: 'hunter2-hunter2',
  JWT_SECRET: 's'.repeat(32),
  EVENTS_SERVICE_URL: 'http://events-service:4003',
};

test('readConfig – everything set – typed values, defaults and a frozen result', (t) => {
  const config = readConfig(settings, { ...good, PORT: '8080', LOG_LEVEL: '' });

  t.is(config.port, 8080);
  t.is(config.logLevel, 'info');
  t.is(config.source, null);
  t.like(config.database, { host: 'db', port: 3306, name: 'gigsdb', tls: 'off' });
  t.is(config.tokens.secret.reveal(), 's'.repeat(32));
  t.true(Object.isFrozen(config) && Object.isFrozen(config.database));
});

test('readConfig – several settings wrong – tells all at once, each with what was found and the cure', (t) => {
  const env = {
    PORT: 'abc',
    LOG_LEVEL: 'loud',
    JWT_SECRET: 'far-too-short',
    DB_USER: 'app',
    DB_HOST: 'db',
  };

  const error = t.throws(() => readConfig(settings, env), { instanceOf: ConfigError });

  t.is(error.problems.length, 5);
  t.true(error.message.startsWith('5 settings are missing or wrong:\n'));
  t.regex(error.message, /PORT is "abc"; it must be a port from 0 to 65535.*for example PORT=3001/);
  t.regex(error.message, /LOG_LEVEL is "loud"/);
  t.regex(error.message, /DB_PASSWORD is not set.*make one with: openssl rand/);
  t.regex(error.message, /JWT_SECRET has 13 bytes; it must be at least 32 bytes/);
  t.regex(error.message, /EVENTS_SERVICE_URL is not set/);
  t.false(error.message.includes('far-too-short'));
});

for (const PORT of ['70000', '-1', '4e3', '0x10', '40.5', ' ', '4000 ', '1'.repeat(400)]) {
  test(`readConfig – PORT=${JSON.stringify(PORT.slice(0, 9))} – is no port`, (t) => {
    t.throws(() => readConfig(settings, { ...good, PORT }), {
      message: /PORT is .*from 0 to 65535/,
    });
  });
}

test('readConfig – LISTEN_ADDRESS – is an IP address or not set', (t) => {
  const read = (text: string) => readConfig(settings, { ...good, LISTEN_ADDRESS: text }).address;
  t.deepEqual(['127.0.0.1', '::1', ''].map(read), ['127.0.0.1', '::1', null]);
  t.throws(() => read('localhost'), { message: /LISTEN_ADDRESS is "localhost"/ });
});

test('readConfig – a secret that is printed – shows a mask in every form', (t) => {
  const config = readConfig(settings, good);

  const printed = [
    JSON.stringify(config),
    inspect(config, { depth: 9 }),
    `${config.tokens.secret}`,
  ];

  for (const text of printed) t.regex(text, /\[secret\]/);
  t.false(printed.join().includes('hunter2') || printed.join().includes('ssss'));
});

test('readConfig – a URL of another scheme – is refused', (t) => {
  const env = { ...good, EVENTS_SERVICE_URL: 'file:///etc/passwd' };

  t.throws(() => readConfig(settings, env), { message: /EVENTS_SERVICE_URL is "file:/ });
});

test('7.A-12 readConfig – without the secret of tokens or the account of the database – is no configuration', (t) => {
  for (const name of ['JWT_SECRET', 'DB_USER', 'DB_PASSWORD', 'DB_HOST']) {
    for (const NODE_ENV of [undefined, 'development', 'production']) {
      const { [name]: _, ...env } = { ...good, NODE_ENV } as Record<string, string | undefined>;
      const error = t.throws(() => readConfig(settings, env), { instanceOf: ConfigError });
      t.true(error.message.includes(name), 'nothing stands in for it');
    }
  }
});
