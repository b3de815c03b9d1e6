import test from 'ava';
import { readMigrations } from '../../../services/database/src/migration-files.ts';
import { readSchema, schemaCall } from '../../src/migrate/live-schema.ts';
import { migrationsIn } from '../../src/migrate/migrations.ts';
import { readSourceTree, sourceTreeOf } from '../../src/source/source-tree.ts';
import { repository } from '../source/repository.ts';

test('migrations – of this repository – are read as services/database reads them', async (t) => {
  const own = migrationsIn(await readSourceTree(repository));
  const theirs = await readMigrations();
  t.deepEqual(
    own,
    theirs.map(({ id, name, kind, checksum }) => ({ id, name, kind, checksum })),
  );
  t.true(own.length > 0);
});

test('migrations – one that does not say its kind – is refused by its path', (t) => {
  const path = 'services/database/migrations/001-one.sql';
  t.throws(() => migrationsIn(sourceTreeOf(new Map([[path, 'SELECT 1;']]))), {
    code: 'MIGRATION_REFUSED',
    message: /^services\/database\/migrations\/001-one\.sql does not say of which kind it is/,
  });
});

const said = (body: unknown, exitCode = 0) => ({
  exitCode,
  stdout: typeof body === 'string' ? body : JSON.stringify(body),
  stderr: '',
});
const health = (version: number, status = 'ok') =>
  said({ dependencies: { database: { status, schema: { version, digest: `d${version}` } } } });

test('live schema – asked through the API server – of a critical service that has a database', (t) => {
  t.is(
    schemaCall({ namespace: 'craic' }).args.join(' '),
    'get --raw /api/v1/namespaces/craic/services/auth-service:3001/proxy/health',
  );
});

test('live schema – what is said – counts if the database answers', (t) => {
  t.deepEqual(readSchema(health(6)), { version: 6, digest: 'd6' });
  for (const output of [
    undefined,
    said('', 1),
    health(6, 'down'),
    said('no JSON'),
    said({}),
    said('null'),
  ]) {
    t.is(readSchema(output), undefined);
  }
});
