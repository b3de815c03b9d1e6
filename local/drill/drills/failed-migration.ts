import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { podTemplateOf, withPodTemplate } from '../../../ci/src/manifests/pod-template.ts';
import { type Migration, migrationLabel } from '../../../ci/src/migrate/migrations.ts';
import { takeSnapshot } from '../../../ci/src/rollout/snapshot.ts';
import { createDatabase } from '../../mariadb/databases.ts';
import { schemaName } from '../../site-database.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { rollOne } from '../roll-one.ts';
import type { Stage } from '../stage.ts';

const statement = 'ALTER TABLE nowhere ADD COLUMN craic INT;\n';
const configMap = 'a-broken-migration';

export const drill: Drill = {
  what: 'a new migration changes a table that is not there',
  expected: { code: 'MIGRATION_FAILED', state: 'untouched', withinSeconds: 45 },
  run: async (stage) => {
    const { migrations } = await stage.prepare();
    const broken: Migration = {
      ...{ id: migrations.length + 1, name: 'broken', kind: 'expand' },
      checksum: createHash('sha256').update(statement).digest('hex'),
    };
    const file = `${migrationLabel(broken)}.sql`;
    const data = { [file]: `-- expand\n${statement}` };
    await stage.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: configMap }, data });
    stage.after(() => forgetUnfinished(stage));
    const before = await takeSnapshot(stage.target);

    const end = await endOfRefused(() =>
      stage.deploy({
        migrations: [...migrations, broken],
        objects: (objects) => rollOne('dj-service')(objects).map((it) => withFile(it, file)),
      }),
    );

    const after = await takeSnapshot(stage.target);
    assert.deepEqual(after.deployments, before.deployments, 'nothing that serves was touched');
    assert.match(end.report ?? '', /broken, statement 1 of 1 failed: .*nowhere/);
    return end;
  },
};

/** The Job with one more file among its migrations. */
function withFile(object: KubernetesObject, file: string): KubernetesObject {
  const template = object.kind === 'Job' ? podTemplateOf(object) : undefined;
  if (!template) return object;
  const mountPath = `/app/services/database/migrations/${file}`;
  const containers = template.spec.containers.map((it) => ({
    ...it,
    volumeMounts: [{ name: 'broken', mountPath, subPath: file }],
  }));
  const volumes = [{ name: 'broken', configMap: { name: configMap } }];
  return withPodTemplate(object, { ...template, spec: { ...template.spec, containers, volumes } });
}

/** A file that was begun has to be mended; this one goes. */
async function forgetUnfinished({ servers: { database } }: Stage): Promise<void> {
  const { migrate } = await createDatabase(database, schemaName);
  const { host, port } = database;
  const account = { host, port, database: schemaName, ...migrate };
  await using connection = await createConnection(account);
  await connection.query('DELETE FROM schema_migration_progress');
}
