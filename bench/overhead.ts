import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { services } from '../ci/src/services.ts';
import { applyAsSeed, deployAsSeed, type Sequence } from '../ci/test/seed/on-cluster.ts';
import { sequenceOf, tagAll } from '../local/drill/as-seed.ts';
import { newImage } from '../local/drill/new-image.ts';
import { setStage } from '../local/drill/set-stage.ts';
import type { Change } from '../local/drill/stage.ts';
import { takeDown } from '../local/platform.ts';
import { instance } from '../local/state.ts';
import { type PodWatch, watchPods } from './pod-watch.ts';

/**
 * What a deploy takes until all is proven to serve, beyond what others need: the images, which new ones take
 * `--images` seconds to be there, as if they were built elsewhere; the node, to pull them; the cluster, from
 * a new pod to the last one that is ready or gone. Through SSM, by all that a deploy does but the soak.
 * Beside it, in each fourth of the rounds and in a namespace of its own, the founding document's sequence:
 * without SSM, its sleeps and its first delays.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    images: { type: 'string', default: '5' },
    'reference-every': { type: 'string', default: '4' },
  },
});
const runs = Number(values.runs);
const imagesTake = Number(values.images);
const referenceEvery = Number(values['reference-every']);
const own = instance('bench');
const reference = 'reference';
const say = (text: string) => console.error(text);

interface Row {
  readonly what: string;
  readonly pods: number;
  readonly wall: number;
  readonly overhead: number;
  /** Of the overhead, what lies between the images and the apply. */
  readonly before: number;
}

/** Seconds since the beginning. */
interface Moments {
  readonly images: number;
  readonly applied: number;
  readonly serving: number;
}

const rows: Row[] = [];

async function time(
  what: string,
  pods: PodWatch,
  work: () => Promise<Moments | undefined>,
): Promise<void> {
  const from = performance.now();
  const moments = await work();
  const to = performance.now();
  const rolled = pods.between(from, to);
  const wall = (to - from) / 1_000;
  const { seconds, pullSeconds } = rolled;
  const { images, applied, serving } = moments ?? {
    images: 0,
    applied: pullSeconds,
    serving: wall,
  };
  const overhead = serving - images - pullSeconds - seconds;
  rows.push({ what, wall, pods: rolled.pods, overhead, before: applied - images - pullSeconds });
  const parts = { wall, images, pull: pullSeconds, pods: seconds, overhead };
  const told = Object.entries(parts).map(([name, it]) => `${name} ${it.toFixed(1)}`);
  say(`${what}: ${told.join(', ')}; ${rolled.pods} pods`);
  // What it left behind shall not be in the way of the next one, nor be counted with it.
  while (pods.count() > services.length || !pods.areReady()) await sleep(200);
}

const { stage } = await setStage({
  ...{ instance: own, say },
  repository: fileURLToPath(new URL('..', import.meta.url)),
}).catch(async (error: unknown) => {
  await takeDown({ instance: own, say });
  throw error;
});
const { kubectl, kubeconfig } = stage.place;
const ours = watchPods(kubectl, kubeconfig, 'whatsthecraic');
const theirs = watchPods(kubectl, kubeconfig, reference);

let current: Change = {};
async function deploy(change: Change): Promise<Moments> {
  current = change;
  const { state, timeline } = await stage.deploy({ ...change, say: () => undefined });
  if (state !== 'verified') throw new Error(`the deploy ended ${state}`);
  const phase = (name: string) => timeline?.phases.find((it) => it.name === name);
  return {
    images: phase('images')?.to ?? 0,
    applied: (phase('apply') ?? phase('rollout'))?.from ?? 0,
    serving: phase('verify')?.to ?? 0,
  };
}

/** As now, but for images of these services that are new to the node. */
async function withNew(...names: readonly string[]): Promise<Change> {
  const before = current;
  const changes = await Promise.all(names.map((name) => newImage(name, stage.images)));
  const all = [before, ...changes];
  return { images: (built) => all.reduce((so, it) => it.images?.(so) ?? so, built), imagesTake };
}

async function asSeed(sequence: Sequence): Promise<undefined> {
  await applyAsSeed(stage.admin, sequence);
  for (const { name } of services) {
    const status = ['rollout', 'status', `deployment/${name}`, '--timeout=55s'];
    await stage.admin([...status, `--namespace=${reference}`]);
  }
}

try {
  const sequence = { ...(await sequenceOf(stage)), namespace: reference };
  await deployAsSeed(stage.admin, sequence);
  await asSeed(sequence);
  while (theirs.count() !== services.length) await sleep(200);
  for (let round = 1; round <= runs; round += 1) {
    const six = await withNew(...services.map(({ name }) => name));
    await time('ours, six new images', ours, () => deploy(six));
    const one = await withNew('venue-service');
    await time('ours, one new image', ours, () => deploy(one));
    await time('ours, nothing changed', ours, () => deploy({ ...one, imagesTake: 0 }));
    if (round % referenceEvery !== 0) continue;
    const next = { ...sequence, tag: `seed-${Date.now()}` };
    await tagAll(stage, next.tag);
    await time('the reference, a new commit', theirs, () => asSeed(next));
    await time('the reference, the same commit again', theirs, () => asSeed(next));
  }
} finally {
  ours.stop();
  theirs.stop();
  await takeDown({ instance: own, say });
}

console.log(`${runs} rounds, load average ${loadavg()[0]?.toFixed(1)}`);
console.log(
  '| deploy | runs | pods made | wall s p50 / p95 | overhead s p50 / p95 | of that before the apply |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const what of new Set(rows.map((row) => row.what))) {
  const same = rows.filter((row) => row.what === what);
  const at = (share: number, value: (row: Row) => number) =>
    same.map(value).toSorted((a, b) => a - b)[Math.ceil(same.length * share) - 1] ?? 0;
  const both = (value: (row: Row) => number) =>
    `${at(0.5, value).toFixed(1)} / ${at(0.95, value).toFixed(1)}`;
  const pods = at(0.5, (row) => row.pods);
  console.log(
    `| ${what} | ${same.length} | ${pods} | ${both((row) => row.wall)} | ${both((row) => row.overhead)} | ${both((row) => row.before)} |`,
  );
}
