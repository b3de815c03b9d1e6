import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMariaDb, stopMariaDb } from '../../mariadb.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'the database is away for 15 s in the midst of a rollout',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 120 },
  run: async ({ instance, servers, deploy, after, keep }) => {
    const { hostAddress: address } = servers.cluster;
    await stopMariaDb(instance);
    const back = sleep(15_000).then(() => startMariaDb(instance, { address, port: 3306 }));
    after(() => back);
    const objects = rollOne('dj-service');
    const release = await deploy({ objects });

    assert.ok(
      release.services.every((it) => it.restarts === undefined || it.restarts === 0),
      'nothing was started again',
    );
    keep('dj-service', { objects });
    return endOf(release, 'dj-service');
  },
};
