import assert from 'node:assert/strict';
import { smallPod } from '../../../ci/src/job/small-job.ts';
import { nodesCall, readNodes } from '../../../ci/src/nodes/nodes.ts';
import type { Release } from '../../../ci/src/report/release.ts';
import { services } from '../../../ci/src/services.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { imageOf } from '../new-image.ts';
import { rollOne } from '../roll-one.ts';
import type { Stage } from '../stage.ts';

/** Cores that are left: enough for the new pods of the three critical services, and for no fourth. */
const left = 0.26;

export const drill: Drill = {
  what: 'the node has room for half of the new pods: they roll in waves, the critical ones first',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 200 },
  run: async (stage) => {
    await fill(stage);
    const said: string[] = [];
    const roll = services.map(({ name }) => rollOne(name));
    const release = await stage.deploy({
      objects: (objects) => roll.reduce((all, change) => change(all), objects),
      say: (line) => {
        said.push(line);
        stage.say(line);
      },
    });

    assert.ok(
      said.some((it) => /^wave 1 of [2-6]: /.test(it)),
      'it rolled in waves',
    );
    const last = (critical: boolean) => Math.max(...readyOf(release, critical));
    assert.ok(last(true) <= Math.min(...readyOf(release, false)), 'the critical ones were first');
    return endOf(release, 'ml-service');
  },
};

const readyOf = ({ timeline, services: results }: Release, critical: boolean): number[] =>
  results
    .filter((it) => it.critical === critical)
    .map((it) => timeline?.services[it.service]?.[critical ? 'ready' : 'created'] ?? Number.NaN);

/** Leaves no more of the node than that, by a pod that asks for the rest. */
async function fill({ target, images, put }: Stage): Promise<void> {
  const nodes = await readNodes(target, (await target.kubectl([nodesCall]))[0]);
  const free = nodes?.rooms[0]?.free.cpu ?? 0;
  assert.ok(free > left, `${free} cores are free`);
  const { repository, digest } = imageOf('dj-service', images);
  await put({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'filler' } },
    spec: smallPod([
      {
        ...{ name: 'filler', image: `${repository}@${digest}` },
        command: ['/usr/local/bin/node', '--eval', 'setInterval(() => {}, 1e6)'],
        resources: { requests: { cpu: `${Math.floor((free - left) * 1_000)}m` } },
      },
    ]),
  });
}
