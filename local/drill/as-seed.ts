import { setTimeout as sleep } from 'node:timers/promises';
import { namespace } from '../../ci/src/namespace.ts';
import { openRegistry } from '../../ci/src/registry/open-registry.ts';
import { imageIn } from '../../ci/src/registry/reference.ts';
import { services } from '../../ci/src/services.ts';
import { deployAsSeed, type Sequence } from '../../ci/test/seed/on-cluster.ts';
import { type Load, type LoadResult, startLoad } from '../../test/helpers/load.ts';
import { claimNamespace, dropNamespace } from '../namespace.ts';
import { imageOf } from './new-image.ts';
import type { BareStage, Stage } from './stage.ts';

const here = `--namespace=${namespace}`;
/** What pods of the founding document's sequence say of themselves. */
export const seedSource = 'src-of-the-seed';

/** The founding document's own sequence with the images of this platform and what its Secret says. */
export async function sequenceOf(stage: BareStage): Promise<Sequence & { secret: string[] }> {
  const { images } = await stage.prepare();
  const { data } = JSON.parse(
    await stage.admin(['get', 'secret', 'whatsthecraic-secrets', here, '-o', 'json']),
  ) as { data: Record<string, string> };
  const sequence = {
    imageOf: (name: string) => imageOf(name, images).repository,
    config: { SOURCE_DIGEST: seedSource },
    secret: Object.entries(data).map(
      ([key, value]) => `${key}=${Buffer.from(value, 'base64').toString()}`,
    ),
    sooner: 20,
    withoutIngress: true,
    tag: 'seed',
  };
  for (const tag of ['latest', sequence.tag]) await tagAll(stage, tag);
  return sequence;
}

/** Names the six services' images by one more tag. */
export async function tagAll({ place, prepare }: BareStage, tag: string): Promise<void> {
  const { images } = await prepare();
  const { client, registry } = await openRegistry({ registry: place.registry });
  for (const { name } of services) {
    const reference = { ...imageIn(registry, name), digest: imageOf(name, images).digest };
    await client.tagOnce(reference, tag);
  }
}

/**
 * Makes the platform anew as the founding document's own sequence leaves it, with the images that are
 * there, and one service at two replicas as its autoscaler would have it.
 */
export async function standAsSeed(stage: Stage): Promise<void> {
  const { admin, place, say } = stage;
  const sequence = await sequenceOf(stage);
  await dropNamespace(admin, place.instanceId);
  await claimNamespace(admin, place.instanceId);
  await deployAsSeed(admin, sequence);
  await admin(['scale', 'deployment/aggregator', '--replicas=2', here]);
  for (const { name } of services) {
    const status = ['rollout', 'status', `deployment/${name}`, '--timeout=55s', here];
    // Its old pods hear no SIGTERM, and a busy machine starts new ones slowly.
    await admin(status).catch(() => admin(status));
  }
  say('the founding document’s own sequence stands');
}

/** Of each path over each kind of connection. */
const askedPerSecond = 10;

/** Asks the aggregator, and through it others, over kept and fresh connections until told to stop. */
export async function startSiteLoad({ admin }: Stage): Promise<() => Promise<LoadResult[]>> {
  const path = 'jsonpath={.spec.clusterIP}:{.spec.ports[0].port}';
  const address = await admin(['get', 'service', 'aggregator', here, '-o', path]);
  const loads: Load[] = ['/v1/events/search?limit=5', '/djs', '/venues'].flatMap((it) => [
    startLoad(`http://${address}${it}`, askedPerSecond, 'kept'),
    startLoad(`http://${address}${it}`, askedPerSecond, 'fresh'),
  ]);
  return () => Promise.all(loads.map((load) => load.stop()));
}

/** What was lost, in few words; empty if nothing was. */
export const lost = (results: readonly LoadResult[]): string =>
  results
    .flatMap(({ failures }) => Object.entries(failures))
    .map(([reason, count]) => `${count} × ${reason}`)
    .join(', ');

/** How many requests there were and how many of them were not answered, for a drill's line. */
export function noteOf(results: readonly LoadResult[]): string {
  const count = (ones: readonly LoadResult[]) => ones.reduce((sum, it) => sum + it.sent, 0);
  const unanswered = results.reduce((sum, it) => sum + it.sent - it.answered, 0);
  const worst = Math.max(...results.map((it) => it.worst));
  return `${unanswered} of ${count(results)} requests lost, the slowest ${worst} ms`;
}

/** Waits until the pods that served before a takeover have ended. */
export async function untilOldPodsEnd({ admin }: Stage): Promise<void> {
  const old = ['get', 'pods', here, '-l', 'whatsthecraic.run.place/served-before', '-o', 'name'];
  for (let left = 60; (await admin(old)) !== ''; left -= 1) {
    if (left === 0) throw new Error('old pods stay');
    await sleep(1_000);
  }
}

/** The fewest pods that a Service could send requests to, while it was looked at. */
export function watchEndpoints({ admin }: Stage, service: string): () => Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  let on = true;
  const slices = ['get', 'endpointslices', here, '-l', `kubernetes.io/service-name=${service}`];
  const watching = (async () => {
    while (on) {
      const { items } = JSON.parse(await admin([...slices, '-o', 'json'])) as {
        items: readonly { endpoints: readonly { conditions: { ready?: boolean } }[] | null }[];
      };
      const all = items.flatMap(({ endpoints }) => endpoints ?? []);
      const ready = all.filter(({ conditions }) => conditions.ready).length;
      fewest = Math.min(fewest, ready);
      await sleep(200);
    }
  })();
  watching.catch(() => undefined); // Its failure is told where it is waited for.
  return async () => {
    on = false;
    await watching;
    return fewest;
  };
}

/** Names of all pods that are not about to end, with their labels. */
export async function podsOfPlatform({ admin }: Stage): Promise<readonly string[]> {
  const path =
    '{range .items[*]}{.metadata.name} {.metadata.labels} {.metadata.deletionTimestamp}{"\\n"}{end}';
  const printed = await admin(['get', 'pods', here, '-o', `jsonpath=${path}`]);
  return printed
    .split('\n')
    .filter((line) => line.endsWith(' '))
    .toSorted();
}
