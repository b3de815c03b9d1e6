import { PipelineError } from '../errors.ts';
import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { type Nodes, nodesCall, readNodes } from '../nodes/nodes.ts';
import { type NewPods, noRoom, type Room, roomCure } from '../plan/capacity.ts';
import { lookUpCalls, readLookUps } from '../plan/cluster-state.ts';
import { dryRun } from '../plan/dry-run.ts';
import { newPodsOf } from '../plan/new-pods.ts';
import { planObjects } from '../plan/plan-objects.ts';
import { planService } from '../plan/plan-service.ts';
import { selectorChanges } from '../plan/selector-change.ts';
import { usedBy } from '../plan/usage.ts';
import { type Packed, packWaves } from '../plan/waves.ts';
import { withKeptReplicas } from '../replicas/kept-in-dry-run.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import type { Target } from '../target/target.ts';

/** Services that roll together, wave after wave; none where all have room at once. */
export type Waves = readonly (readonly string[])[];

/** All services at once. */
const together: Packed = { waves: [], stuck: [], left: [] };

/** The waves of a release; throws NO_ROOM, before anything is touched, if a new pod fits nowhere. */
export async function requireRoom(
  objects: readonly KubernetesObject[],
  around: Around,
  target: Target,
): Promise<Waves> {
  const { waves, stuck, left } = await pack(objects, around, target);
  if (stuck.length > 0) throw noRoomFor(stuck, left, around.adopt);
  return waves;
}

function noRoomFor(
  stuck: readonly NewPods[],
  left: readonly Room[],
  adopt: boolean | undefined,
): PipelineError {
  const what = stuck.map((it) => noRoom(it, left));
  return new PipelineError('NO_ROOM', [...what, 'Nothing was touched.'].join('\n'), {
    cure: roomCure(adopt),
  });
}

/**
 * Throws NO_ROOM, before images are built, if a new pod would fit nowhere even when all Jobs have ended.
 * Which services roll for sure is known by then: those whose template changes otherwise than by its
 * image, or whose image has another name.
 */
export async function requireLastingRoom(
  objects: readonly KubernetesObject[],
  { before, nodes, adopt = false, named }: Around & { readonly named: Named },
  target: Target,
): Promise<void> {
  if (!nodes) return;
  const around = { before, nodes: { ...nodes, rooms: nodes.lastingRooms }, adopt };
  const { stuck, left } = await pack(objects, around, target, async () => {
    const tags = await named;
    const runs = new Map(before.deployments.map(({ name, source }) => [name, source]));
    return (service) => tags !== undefined && tags.get(service) !== runs.get(service);
  });
  if (stuck.length > 0) throw noRoomFor(stuck, left, adopt);
}

/** The tags of the images that are to come; undefined if nobody told. */
type Named = Promise<ReadonlyMap<string, string> | undefined>;

/** Whether a service rolls for its image. */
type IsNew = (service: string) => boolean;

/** The waves of what has to be applied whatever becomes of it, such as the way back. */
export async function wavesFor(
  objects: readonly KubernetesObject[],
  before: Snapshot,
  target: Target,
): Promise<Waves> {
  const nodes = await readNodes(target, (await target.kubectl([nodesCall]))[0]);
  const { waves, stuck } = await pack(objects, { before, nodes }, target);
  return stuck.length > 0 ? [...waves, stuck.map(({ service }) => service)] : waves;
}

/** What the release stands on; the nodes are undefined where they may not be asked. */
interface Around {
  readonly before: Snapshot;
  readonly nodes: Nodes | undefined;
  /** Whether Deployments whose selectors differ are replaced, while their pods go on. */
  readonly adopt?: boolean;
}

/** The server is asked what rolls only if there were too little room for all. */
async function pack(
  objects: readonly KubernetesObject[],
  { before, nodes, adopt = false }: Around,
  target: Target,
  whichAreNew: () => Promise<IsNew> = async () => () => true,
): Promise<Packed> {
  if (!nodes) return together;
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const most = deployments.map((it) => atMost(it, before, nodes, adopt));
  if (hasRoom(packWaves(nodes.rooms, most))) return together;
  const isNewImage = await whichAreNew();
  const all = await exactly(deployments, { before, nodes, adopt, isNewImage }, target);
  const found = packWaves(nodes.rooms, all);
  return hasRoom(found) ? together : found;
}

const hasRoom = ({ waves, stuck }: Packed): boolean => waves.length <= 1 && stuck.length === 0;

/** The new pods of a Deployment if all of it rolls; if it is `replaced`, they stand beside all old ones. */
function atMost(
  rendered: KubernetesObject,
  { deployments }: Snapshot,
  nodes: Nodes,
  replaced: boolean,
): NewPods {
  const { name } = rendered.metadata;
  const live = deployments.find((it) => it.name === name);
  const beside = replaced ? undefined : live;
  const withReplicas = (replicas: number | undefined): KubernetesObject => ({
    ...rendered,
    spec: { ...(replicas === undefined ? {} : { replicas }), ...(rendered.spec as object) },
  });
  return newPodsOf(
    { service: name, rollout: beside ? 'rolls' : 'new' },
    withReplicas(live?.replicas),
    beside && { ...rendered, spec: { replicas: beside.replicas } },
    usedBy(name, rendered.metadata.namespace ?? '', nodes.usage),
  );
}

interface Exactly extends Required<Around> {
  readonly nodes: Nodes;
  readonly isNewImage: IsNew;
}

/** The new pods of each Deployment as the server says it would be. */
async function exactly(
  deployments: readonly KubernetesObject[],
  { before, nodes, adopt, isNewImage }: Exactly,
  target: Target,
): Promise<readonly NewPods[]> {
  const lookUps = lookUpCalls(deployments);
  const [outputs, answer] = await Promise.all([
    target.kubectl(lookUps),
    dryRun(target, deployments, { force: adopt }),
  ]);
  const live = readLookUps(target, outputs);
  const kept = withKeptReplicas(answer, deployments, live);
  const plans = planObjects(deployments, { live }, kept);
  const changes = adopt ? selectorChanges(deployments, { live }) : [];
  const replaced = new Set(changes.map((it) => it.rendered));
  return deployments.map((rendered, index) => {
    if (replaced.has(rendered)) return atMost(rendered, before, nodes, true);
    const { name: service, namespace = '' } = rendered.metadata;
    const [is, wanted] = [live, kept.wanted].map((it) => it.get(objectKey(rendered)));
    const image = isNewImage(service) ? known : undefined;
    const plan = planService(service, { image, live: is, object: plans[index] });
    return newPodsOf(plan, wanted ?? rendered, is, usedBy(service, namespace, nodes.usage));
  });
}

/** That its image differs says that it rolls. */
const known = { service: '', repository: '', tag: '', digest: '', inputs: [] };
