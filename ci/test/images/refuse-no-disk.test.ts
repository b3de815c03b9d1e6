import test from 'ava';
import { type DiskFacts, refuseNoDisk } from '../../src/images/refuse-no-disk.ts';
import type { Nodes } from '../../src/nodes/nodes.ts';
import type { Disk } from '../../src/plan/usage.ts';
import { cluster, ready, rollout } from '../rollout/cluster.ts';

const mebi = 2 ** 20;
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (service: string, letter: string) => ({
  ...{ service, digest: digest(letter) },
  repository: `registry.example.com/whatsthecraic/${service}`,
});

const nodes = (
  disks: Readonly<Record<string, Disk | undefined>>,
  more: Partial<Nodes> = {},
): Nodes => {
  const rooms = Object.keys(disks).map((node) => ({ node, free: { cpu: 1, memory: 1, pods: 1 } }));
  const known = Object.entries(disks).flatMap(([node, disk]) =>
    disk ? [[node, disk] as const] : [],
  );
  return {
    ...{ rooms, lastingRooms: rooms, shortOfDisk: new Map(), images: new Set() },
    usage: { available: new Map(), pods: new Map(), disks: new Map(known) },
    platforms: new Map(Object.keys(disks).map((node) => [node, 'linux/arm64'])),
    ...more,
  };
};
const disk = (available: number): Disk => ({ available: available * mebi, capacity: 1_000 * mebi });

/** Pods of the web service that run an earlier image. */
const running = (letter: string) => {
  const { pods, ...rest } = cluster(rollout('web', { newPods: [ready()] }));
  const status = {
    containerStatuses: [
      {
        ...{ name: 'web', restartCount: 0, state: { running: {} } },
        imageID: `registry.example.com/whatsthecraic/web@${digest(letter)}`,
      },
    ],
  };
  return { ...rest, pods: pods.map((it) => ({ ...it, status })) };
};

const layers: Readonly<Record<string, ReadonlyMap<string, number>>> = {
  [digest('a')]: new Map([
    ['base', 80 * mebi],
    ['own-a', 20 * mebi],
  ]),
  [digest('b')]: new Map([
    ['base', 80 * mebi],
    ['own-b', 20 * mebi],
  ]),
};

const judge = (facts: Partial<DiskFacts>) =>
  refuseNoDisk({
    images: [image('web', 'a'), image('api', 'b')],
    before: cluster(),
    nodes: nodes({ n: disk(289) }),
    layersOf: async (it) => layers[it.digest],
    ...facts,
  });

test('disk – too little for what is to be pulled – NODE_FULL with the figures, each layer counted once', async (t) => {
  const error = await t.throwsAsync(judge({}), { code: 'NODE_FULL' });
  t.is(
    error?.message.split('\nFree disk')[0],
    [
      'The images that are to be pulled take at least 240 MiB of disk: 120 MiB as they come, and as much again unpacked.',
      'n has 289 MiB of 1000 MiB left, and throws pods out below 50 MiB.',
      'Nothing was touched.',
    ].join('\n'),
  );
  await t.notThrowsAsync(judge({ nodes: nodes({ n: disk(290) }) }));
});

test('disk – layers of an image that runs there – are not pulled again', async (t) => {
  await t.notThrowsAsync(judge({ before: running('b'), nodes: nodes({ n: disk(90) }) }));
  await t.throwsAsync(judge({ before: running('b'), nodes: nodes({ n: disk(89) }) }), {
    code: 'NODE_FULL',
  });
});

test('disk – another node has room, or does not tell – is the scheduler’s to find', async (t) => {
  await t.notThrowsAsync(judge({ nodes: nodes({ n: disk(1), m: disk(900) }) }));
  await t.notThrowsAsync(judge({ nodes: nodes({ n: disk(1), m: undefined }) }));
  await t.throwsAsync(judge({ nodes: nodes({ n: disk(1), m: disk(2) }) }), { code: 'NODE_FULL' });
});

test('disk – a figure that cannot be had – is not guessed', async (t) => {
  const full = nodes({ n: disk(1) });
  await t.notThrowsAsync(judge({ nodes: undefined }));
  await t.notThrowsAsync(judge({ nodes: { ...full, platforms: new Map() } }));
  const usage = { available: new Map(), pods: new Map() };
  await t.notThrowsAsync(judge({ nodes: { ...full, usage } }));
  // What lies on the node of an image that is gone from the registry.
  await t.notThrowsAsync(judge({ before: running('c'), nodes: full }));
});

test('disk – nothing is to be pulled – nothing is asked', async (t) => {
  const images = new Set([digest('a'), digest('b')]);
  const layersOf = () => Promise.reject(new Error('asked'));
  await t.notThrowsAsync(judge({ nodes: nodes({ n: disk(1) }, { images }), layersOf }));
});
