import test from 'ava';
import { z } from 'zod';
import { createDatabaseService } from '../src/database-service.ts';
import { createLog } from '../src/log.ts';
import { bindRoutes, type Contract } from '../src/route.ts';
import { testServerConfig, useDatabase } from './helpers/database.ts';
import { startService, until } from './helpers/start.ts';

const server = useDatabase(test, { migrated: false });

const contract = {
  one: {
    method: 'get',
    path: '/one',
    summary: 'One',
    auth: 'public',
    response: { status: 200, body: z.array(z.object({ n: z.number() })) },
  },
} as const satisfies Contract;

test.serial(
  '7.B-30 a service – a database without its schema, then with it, then away, then back',
  async (t) => {
    const service = createDatabaseService({
      name: 'test-service',
      description: 'A test.',
      schema: 7,
      config: { ...testServerConfig, database: server().config },
      log: createLog({ service: 'test', level: 'silent' }),
      routes: (database) =>
        bindRoutes(contract, {
          one: () => database.query('SELECT 1 AS n', [], z.object({ n: z.number() })),
        }),
    });
    const { url } = await startService(t, service);
    const health = async () => {
      const answer = await fetch(`${url}/health`);
      const { status, dependencies } = (await answer.json()) as {
        status: string;
        dependencies: { database: { detail?: string } };
      };
      return `${answer.status} ${status} ${dependencies.database.detail ?? ''}`.trim();
    };

    await until(async () => (await health()) === '503 unready schema 007 missing');

    await server().admin.query(
      'CREATE TABLE schema_migrations (id INT PRIMARY KEY, name TEXT, checksum TEXT)',
    );
    await until(async () => (await health()) === '503 unready schema 007 missing');
    await server().admin.query("INSERT INTO schema_migrations VALUES (7, 'n', 'c')");
    await until(async () => (await health()) === '200 ok');
    t.deepEqual(await (await fetch(`${url}/one`)).json(), [{ n: 1 }]);

    await server().stop();
    await until(async () => (await health()).startsWith('200 degraded'));
    const during = await fetch(`${url}/one`);
    t.is(during.status, 503);
    t.is(during.headers.get('retry-after'), '5');
    t.is(((await during.json()) as { code: string }).code, 'database_unavailable');
    t.is((await fetch(`${url}/livez`)).status, 200);

    await server().start();
    await until(async () => (await health()) === '200 ok');
    t.deepEqual(await (await fetch(`${url}/one`)).json(), [{ n: 1 }]);
  },
);
