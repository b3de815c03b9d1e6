import { PipelineError } from '../errors.ts';
import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { type Nodes, nodesCalls, readNodes } from '../nodes/nodes.ts';
import { type NewPods, noRoom, roomCure } from '../plan/capacity.ts';
import { lookUpCalls, readLookUps } from '../plan/cluster-state.ts';
import { dryRun } from '../plan/dry-run.ts';
import { newPodsOf } from '../plan/new-pods.ts';
import { planObjects } from '../plan/plan-objects.ts';
import { planService } from '../plan/plan-service.ts';
import { usedBy } from '../plan/usage.ts';
import { type Packed, packWaves } from '../plan/waves.ts';
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
  if (stuck.length === 0) return waves;
  const what = stuck.map((it) => noRoom(it, left));
  throw new PipelineError('NO_ROOM', [...what, 'Nothing was touched.'].join('\n'), {
    cure: roomCure,
  });
}

/** The waves of what has to be applied whatever becomes of it, such as the way back. */
export async function wavesFor(
  objects: readonly KubernetesObject[],
  before: Snapshot,
  target: Target,
): Promise<Waves> {
  const nodes = await readNodes(target, await target.kubectl(nodesCalls));
  const { waves, stuck } = await pack(objects, { before, nodes }, target);
  return stuck.length > 0 ? [...waves, stuck.map(({ service }) => service)] : waves;
}

/** What the release stands on; the nodes are undefined where they may not be asked. */
interface Around {
  readonly before: Snapshot;
  readonly nodes: Nodes | undefined;
}

/** The server is asked what rolls only if there were too little room for all. */
async function pack(
  objects: readonly KubernetesObject[],
  { before, nodes }: Around,
  target: Target,
): Promise<Packed> {
  if (!nodes) return together;
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  if (
    hasRoom(
      packWaves(
        nodes.rooms,
        deployments.map((it) => atMost(it, before, nodes)),
      ),
    )
  ) {
    return together;
  }
  const found = packWaves(nodes.rooms, await exactly(deployments, nodes, target));
  return hasRoom(found) ? together : found;
}

const hasRoom = ({ waves, stuck }: Packed): boolean => waves.length <= 1 && stuck.length === 0;

/** The new pods of a Deployment if all of it rolls. */
function atMost(rendered: KubernetesObject, { deployments }: Snapshot, nodes: Nodes): NewPods {
  const { name } = rendered.metadata;
  const live = deployments.find((it) => it.name === name);
  const withReplicas = (replicas: number | undefined): KubernetesObject => ({
    ...rendered,
    spec: { ...(replicas === undefined ? {} : { replicas }), ...(rendered.spec as object) },
  });
  return newPodsOf(
    { service: name, rollout: live ? 'rolls' : 'new' },
    withReplicas(live?.replicas),
    live && { ...rendered, spec: { replicas: live.replicas } },
    usedBy(name, rendered.metadata.namespace ?? '', nodes.usage),
  );
}

/** The new pods of each Deployment as the server says it would be. */
async function exactly(
  deployments: readonly KubernetesObject[],
  { usage }: Nodes,
  target: Target,
): Promise<readonly NewPods[]> {
  const lookUps = lookUpCalls(deployments);
  const [outputs, answer] = await Promise.all([
    target.kubectl(lookUps),
    dryRun(target, deployments),
  ]);
  const live = readLookUps(target, outputs);
  const plans = planObjects(deployments, { live }, answer);
  return deployments.map((rendered, index) => {
    const { name: service, namespace = '' } = rendered.metadata;
    const [is, wanted] = [live, answer.wanted].map((it) => it.get(objectKey(rendered)));
    const plan = planService(service, { image: known, live: is, object: plans[index] });
    return newPodsOf(plan, wanted ?? rendered, is, usedBy(service, namespace, usage));
  });
}

/** That its image differs says that it rolls. */
const known = { service: '', repository: '', tag: '', digest: '', inputs: [] };
