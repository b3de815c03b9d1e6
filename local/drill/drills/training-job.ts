import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { systemClock } from '../../../ci/src/clock.ts';
import { namespace } from '../../../ci/src/namespace.ts';
import { takeLease } from '../../../ci/src/release/take-lease.ts';
import type { Target } from '../../../ci/src/target/target.ts';
import { createDatabase } from '../../mariadb/databases.ts';
import { schemaName } from '../../site-database.ts';
import type { Drill } from '../drill.ts';
import type { Stage } from '../stage.ts';
import { forgetTastes, inventTastes } from '../tastes.ts';

const here = `--namespace=${namespace}`;
const cronJob = 'cronjob/ml-training';
const holder = 'a-release-under-way';

interface Version extends RowDataPacket {
  readonly version: string;
  readonly sha256: string;
  readonly accepted: number;
  readonly reason: string;
}

export const drill: Drill = {
  what: 'the CronJob’s training keeps away from a release, then trains, and its model outlives a pod',
  expected: { code: 'HEALTHY', state: 'untouched', withinSeconds: 150 },
  run: async (stage) => {
    await holdTheClock(stage);
    const database = await connect(stage);
    stage.after(async () => {
      await forgetTastes(database);
      await database.end();
    });
    const person = await inventTastes(database);
    await database.query(
      'INSERT INTO training_requests (actor_id, requested_at) VALUES (?, NOW(3))',
      [person],
    );
    const before = await versions(database);
    await awayFromRelease(stage);
    assert.deepEqual(await versions(database), before, 'nothing was trained beside a release');

    const began = performance.now();
    const log = await train(stage, 'a-training');
    assert.match(log, /"msg":"model trained"/);
    const known = new Set(before.map(({ version }) => version));
    const [made] = (await versions(database)).filter(({ version }) => !known.has(version));
    assert.ok(made, 'the version has its row');
    stage.after(() => forgetVersion(database, made.version));
    assert.equal(made.accepted, 1, made.reason);
    const pod = await serves(stage, made);
    const seconds = (performance.now() - began) / 1_000;

    await stage.admin(['delete', `pod/${pod}`, here, '--wait=true', '--timeout=50s']);
    await stage.admin(['rollout', 'status', 'deployment/ml-service', here, '--timeout=55s']);
    assert.notEqual(await serves(stage, made), pod, 'another pod serves the same model');
    const note = `${made.version}: ${made.reason}`;
    return { code: 'HEALTHY', state: 'untouched', seconds, note, report: log };
  },
};

/** No training but ours: the clock's own are held, and one that is at work ends. */
async function holdTheClock({ admin, after }: Stage): Promise<void> {
  const suspend = (suspended: boolean) =>
    admin(['patch', cronJob, here, '--type=merge', `--patch={"spec":{"suspend":${suspended}}}`]);
  after(() => suspend(false));
  await suspend(true);
  await admin(['delete', 'jobs', here, '--selector=app.kubernetes.io/name=ml-training']);
}

async function connect({ servers: { database } }: Stage): Promise<Connection> {
  const { app } = await createDatabase(database, schemaName);
  const { host, port } = database;
  return createConnection({ host, port, database: schemaName, ...app, timezone: 'Z' });
}

async function versions(database: Connection): Promise<Version[]> {
  const [rows] = await database.query<Version[]>(
    'SELECT version, sha256, accepted, reason FROM model_versions ORDER BY version',
  );
  return rows;
}

/** While the pipeline holds its Lease the same Job ends without a training, and is no failure. */
async function awayFromRelease(stage: Stage): Promise<void> {
  const { held } = await takeLease({
    ...{ target: stage.target, clock: systemClock, release: holder, by: 'a drill' },
    ...{ waitSeconds: 90, reads: [], say: stage.say },
  });
  try {
    // Its reads keep the Lease alive, as a deploy's do.
    const log = await train(stage, 'a-training-beside-a-release', held.target);
    assert.match(log, new RegExp(`^not trained: the release ${holder} is under way$`, 'm'));
  } finally {
    await held.giveBack();
  }
}

/**
 * Runs a Job as the CronJob would, to its end, and gives back what it said. It has no owner: the CronJob
 * keeps none of its own that went well.
 */
async function train(stage: Stage, name: string, target: Target = stage.target): Promise<string> {
  const { admin, put } = stage;
  const { spec } = JSON.parse(await admin(['get', cronJob, here, '-o', 'json'])) as {
    spec: { jobTemplate: { metadata?: { labels?: object }; spec: object } };
  };
  const { metadata, spec: job } = spec.jobTemplate;
  await put({ apiVersion: 'batch/v1', kind: 'Job', metadata: { ...metadata, name }, spec: job });
  for (;;) {
    const [output] = await target.kubectl([
      { args: ['get', `job/${name}`, '-o', 'jsonpath={.status.conditions[*].type}'] },
    ]);
    const ended = output?.stdout ?? '';
    if (/Complete|Failed/.test(ended)) {
      const log = await admin(['logs', `job/${name}`, here]);
      assert.match(ended, /Complete/, log);
      return log;
    }
    await sleep(1_000);
  }
}

const ask = `const {createHash} = await import('node:crypto');
const {readFile} = await import('node:fs/promises');
const body = JSON.stringify({city: 'Cork'});
const headers = {'content-type': 'application/json'};
const answer = await fetch('http://127.0.0.1:4004/v1/recommendations', {method: 'POST', headers, body});
const {modelVersion, recommendations} = await answer.json();
const file = await readFile('/var/lib/models/' + process.argv[1] + '.model').catch(() => '');
const sha256 = createHash('sha256').update(file).digest('hex');
console.log(JSON.stringify({modelVersion, sha256, pod: process.env.HOSTNAME, found: recommendations?.length}));`;

/** Asks the pod itself until it serves the version, whose file it has on its volume; gives back its name. */
async function serves({ admin }: Stage, { version, sha256 }: Version): Promise<string> {
  const node = ['/usr/local/bin/node', '--input-type=module', '-e', ask, version];
  for (;;) {
    const printed = await admin(['exec', 'deployment/ml-service', here, '--', ...node]).catch(
      () => '{}',
    );
    const said = JSON.parse(printed) as Record<string, string | number>;
    // A pod looks for new events every half minute.
    if (said.modelVersion === version && Number(said.found) > 0) {
      assert.equal(said.sha256, sha256, 'the file on the volume is what was trained');
      return String(said.pod);
    }
    await sleep(1_000);
  }
}

/** As if it had never served: a platform that is made anew has another volume. */
async function forgetVersion(database: Connection, version: string): Promise<void> {
  await database.query('DELETE FROM model_service WHERE version = ?', [version]);
  await database.query('DELETE FROM model_versions WHERE version = ?', [version]);
}
