import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@whatsthecraic/platform/database';
import test, { type ExecutionContext } from 'ava';
import { tryRun } from '../../../local/run.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as } from '../../platform/test/helpers/keepers.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { areStale, toEuro } from '../src/domain/euro.ts';
import { createJobs } from '../src/jobs.ts';
import { parseRates } from '../src/rates/parse-rates.ts';
import { readRates } from '../src/rates/read-rates.ts';
import { createRateStore } from '../src/store/rates.ts';
import { startDjs } from './helpers/start-djs.ts';

const server = useDatabase(test);
const DAY = '2026-11-23';
const TODAY = new Date(`${DAY}T16:00:00Z`);

/** The bank's own form, with the currencies that matter here and others to make up the number. */
function ecbXml(day: string, rates: Readonly<Record<string, number>>): string {
  const others = ['AUD', 'BGN', 'BRL', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK'].map((it) => [it, 2]);
  const cubes = [...Object.entries(rates), ...others]
    .map(([currency, rate]) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>`)
    .join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<Cube>\n\t\t<Cube time='${day}'>\n${cubes}\n\t\t</Cube>\n\t</Cube>\n</gesmes:Envelope>`;
}

/** A server on loopback in the bank's place. */
async function startBank(t: ExecutionContext, answer: RequestListener): Promise<string> {
  const bank = createServer(answer);
  await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    bank.close();
    bank.closeAllConnections();
  });
  return `http://127.0.0.1:${(bank.address() as AddressInfo).port}/eurofxref-daily.xml`;
}

test('rates – the bank’s own form – becomes a day and what a euro buys', (t) => {
  const { publishedOn, perEuro } = parseRates(ecbXml(DAY, { GBP: 0.8765, JPY: 164.2 }), TODAY);

  t.is(publishedOn, DAY);
  t.is(perEuro.get('GBP'), 0.8765);
  t.is(perEuro.size, 10);
});

for (const [what, text] of [
  ['a page of another kind', '<html>Maintenance</html>'],
  ['half of it', ecbXml(DAY, { GBP: 0.9 }).slice(0, 500)],
  ['a day to come', ecbXml('2026-12-24', { GBP: 0.9, JPY: 1 })],
  ['a day that is none', ecbXml('2026-13-44', { GBP: 0.9, JPY: 1 })],
  ['a rate of nothing', ecbXml(DAY, { GBP: 0, JPY: 1 })],
] as const) {
  test(`OWASP API10:2023 – rates that are ${what} – are refused and nothing of them kept`, (t) => {
    t.throws(() => parseRates(text, TODAY), { code: 'RATES_UNREADABLE' });
  });
}

for (const [what, answer] of [
  ['an error', (_, res) => void res.writeHead(503).end()],
  [
    'a way to somewhere else',
    (_, res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  [
    'without end',
    (_, res) => {
      res.writeHead(200);
      const timer = setInterval(() => res.write('x'.repeat(65_536)), 1);
      res.once('close', () => clearInterval(timer));
    },
  ],
] as const satisfies readonly (readonly [string, RequestListener])[]) {
  test(`OWASP API10:2023 – a bank that answers with ${what} – is given up`, async (t) => {
    await t.throwsAsync(readRates(await startBank(t, answer)));
  });
}

test('toEuro – the currencies’ own decimals, a day long ago, no rate at all – are told', (t) => {
  const rates = {
    perEuro: new Map([
      ['GBP', 0.8],
      ['JPY', 160],
    ]),
    publishedOn: DAY,
  };

  t.deepEqual(toEuro(40_000, 'GBP', rates, TODAY), { amount: 500, rateOf: DAY, stale: false });
  t.is(toEuro(40_000, 'JPY', rates, TODAY)?.amount, 250, 'yen have no minor unit');
  t.deepEqual(toEuro(999, 'EUR', rates, TODAY), { amount: 9.99, rateOf: null, stale: false });
  t.is(toEuro(1, 'ISK', rates, TODAY), null);
  t.true(toEuro(1, 'GBP', rates, new Date('2026-12-24'))?.stale);
  t.false(
    areStale({ ...rates, publishedOn: '2026-04-02' }, new Date('2026-04-07T12:00:00Z')),
    'Easter',
  );
});

test.serial('rates – fetched and kept – convert fees and find DJs across currencies', async (t) => {
  const { send, names, json } = await startDjs(t, server());
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  const today = new Date();
  const day = today.toISOString().slice(0, 10);
  const url = await startBank(t, (_, res) => res.end(ecbXml(day, { GBP: 0.8, JPY: 160 })));
  const store = createRateStore(database);
  const fees = { Pound: ['GBP', 400], Euro: ['EUR', 510], Yen: ['JPY', 72_000], Krona: ['ISK', 1] };

  t.true(await store.save(await readRates(url)));
  for (const [name, [currency, amount]] of Object.entries(fees)) {
    const body = { name, city: 'Tralee', fee: { amount, currency } };
    t.is((await send('POST', '/djs', as('organizer'), body)).status, 201);
  }

  const search = (query: string) => names(`city=Tralee&${query}`);
  t.deepEqual(await search('feeMax=500'), ['Pound', 'Yen'], '500 and 450 euros');
  t.deepEqual(await search('feeMax=499.99'), ['Yen']);
  t.deepEqual(await search('feeMin=500'), ['Euro', 'Pound']);
  t.deepEqual(await search('feeMin=451&feeMax=505'), ['Pound']);
  const { djs } = await json<{ djs: { feeInEuro: unknown }[] }>(
    '/v1/djs/search?city=Tralee&q=pound',
  );
  t.deepEqual(djs[0]?.feeInEuro, { amount: 500, rateOf: day, stale: false });
  const older = { perEuro: new Map([['GBP', 2]]), publishedOn: '2026-01-02' };
  t.false(await store.save(older), 'older rates never take the place of newer ones');
  t.is((await store.current()).perEuro.get('GBP'), 0.8);
});

test.serial(
  'the job – none yet, just fetched, fetched long ago – fetches when it should',
  async (t) => {
    await server().admin.query('DELETE FROM exchange_rates');
    let asked = 0;
    const url = await startBank(t, (_, res) => {
      asked += 1;
      res.end(ecbXml(new Date().toISOString().slice(0, 10), { GBP: 0.8, JPY: 160 }));
    });
    const database = openDatabase({ config: server().config, log: silentLog('test') });
    t.teardown(() => database.close());
    const [job] = createJobs(url, database, silentLog('test'));
    const run = async () => {
      await job?.run(new AbortController().signal);
      return asked;
    };

    t.is(await run(), 1);
    t.is(await run(), 1);
    await server().admin.query('UPDATE exchange_rates SET fetched_at = NOW(3) - INTERVAL 7 HOUR');
    t.is(await run(), 2);
    t.is(await run(), 2);
  },
);

test.serial(
  'the command – run twice – fetches and keeps the rates, and tells why when it cannot',
  async (t) => {
    const { host, port, user, password, name } = server().config;
    const database = {
      ...{ DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_NAME: name },
      DB_PASSWORD: password.reveal(),
    };
    const day = new Date().toISOString().slice(0, 10);
    const url = await startBank(t, (_, res) => res.end(ecbXml(day, { GBP: 0.75, JPY: 150 })));
    const program = fileURLToPath(new URL('../src/fetch-rates.ts', import.meta.url));
    const run = (EXCHANGE_RATES_URL: string) =>
      tryRun([process.execPath, '--conditions=source', program], {
        env: { ...database, EXCHANGE_RATES_URL },
        timeoutMs: 30_000,
      });

    t.is((await run(url)).exitCode, 0);
    t.is((await run(url)).exitCode, 0);
    const [rows] = await server().admin.query(
      "SELECT per_euro AS rate FROM exchange_rates WHERE currency = 'GBP'",
    );
    t.deepEqual(rows, [{ rate: '0.750000' }] as never);

    const away = await run('http://127.0.0.1:1/');
    t.is(away.exitCode, 1);
    t.regex(away.stderr, /^exchange rates not fetched: fetch failed: ./);
  },
);
