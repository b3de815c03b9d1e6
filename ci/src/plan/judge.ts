import type { FoundImage } from '../images/find-images.ts';
import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import { podTemplateOf } from '../manifests/pod-template.ts';
import { underPressure } from '../nodes/disk-pressure.ts';
import { judgePrune } from '../prune/judge-prune.ts';
import { services } from '../services.ts';
import type { Asked } from './ask-cluster.ts';
import { judgeCapacity } from './capacity.ts';
import { configMapsOf } from './config-maps.ts';
import { type Finding, findingOf } from './finding.ts';
import { leftOver } from './leftovers.ts';
import { lostData } from './lost-data.ts';
import { newPodsOf } from './new-pods.ts';
import { missingOnNode } from './node-objects.ts';
import { pausedOnes, refusals, selectorObstacles, terminatingOnes } from './obstacles.ts';
import type { HandMadeField, Plan, ServicePlan } from './plan.ts';
import { findHandMade, planObjects } from './plan-objects.ts';
import { planService } from './plan-service.ts';
import { roomOn } from './room.ts';
import { usedBy } from './usage.ts';

/** The part of a plan that depends on the cluster and on the images. */
type Judged = Omit<
  Plan,
  'fingerprint' | 'overlay' | 'target' | 'commit' | 'branch' | 'outcome' | 'migrations'
>;

/** Where the cluster could not be asked. */
export const nothingKnown = (images: readonly FoundImage[] | undefined): Judged => ({
  namespace: 'unknown',
  services: services.map(({ name }) =>
    planService(name, { image: imageOf(images, name), live: undefined, object: undefined }),
  ),
  objects: [],
  handMade: [],
  waves: [],
  removed: [],
  withheld: [],
  leftOver: [],
  warnings: [],
  obstacles: [],
});

/** Puts together what the cluster said; asks nothing itself. */
export function judge(
  asked: Asked,
  nodeObjects: readonly KubernetesObject[],
  images: readonly FoundImage[] | undefined,
): Judged {
  const { state, dryRun, objects, namespaceExists, usage } = asked;
  const replaced = new Set(asked.selectorChanges.map((it) => it.rendered));
  const plans = planObjects(objects, state, dryRun, replaced);
  const handMade = findHandMade(asked);
  const newPods = [];
  const planned: ServicePlan[] = [];
  for (const { name } of services) {
    const index = objects.findIndex((it) => it.kind === 'Deployment' && it.metadata.name === name);
    const rendered = objects[index];
    const key = rendered ? objectKey(rendered) : '';
    const [live, wanted] = [state.live.get(key), dryRun.wanted.get(key)];
    const facts = { image: imageOf(images, name), live, object: plans[index] };
    const plan = planService(name, facts);
    planned.push(plan);
    // Of one that is replaced all pods go on serving beside the new ones.
    const beside = rendered && replaced.has(rendered) ? undefined : live;
    const used = usedBy(name, rendered?.metadata.namespace ?? '', usage);
    if (wanted) newPods.push(newPodsOf(plan, wanted, beside, used));
  }
  const rolling = objects.filter(
    ({ kind, metadata }) =>
      kind === 'Deployment' &&
      planned.some((it) => it.service === metadata.name && it.rollout === 'rolls'),
  );
  const { nodes, pods } = state.placement ?? {};
  const rooms = nodes && pods && roomOn(nodes, pods, usage);
  const pressure = rooms && underPressure({ rooms, shortOfDisk: state.shortOfDisk ?? new Map() });
  const capacity =
    rooms && !pressure
      ? judgeCapacity(rooms, newPods, asked.adopt)
      : { obstacles: pressure ? [findingOf(pressure)] : [], waves: [] };
  return {
    namespace: namespaceExists ? 'there' : 'to create',
    services: planned,
    objects: plans,
    handMade,
    waves: capacity.waves,
    ...behind(asked, planned),
    warnings: [
      ...dryRun.warnings.map((message) => ({ code: 'SERVER_WARNS', message })),
      ...state.unread.map((message) => ({ code: 'NOT_READ', message })),
      ...missingOnNode(nodeObjects, objects, state),
      ...lostData(rolling, state),
    ],
    obstacles: [...inTheWay(asked, handMade), ...capacity.obstacles],
  };
}

/** What on the cluster would keep an apply from working. */
export function inTheWay(
  asked: Asked,
  handMade: readonly HandMadeField[] = findHandMade(asked),
): readonly Finding[] {
  const { objects, state, dryRun } = asked;
  return [
    ...terminatingOnes(objects, state),
    ...pausedOnes(objects, state),
    ...selectorObstacles(asked),
    ...refusals(objects, dryRun, handMade),
  ];
}

const imageOf = (images: readonly FoundImage[] | undefined, service: string) =>
  images?.find((it) => it.service === service);

/** What is left of earlier releases: what the deploy removes as its last step, and what it does not. */
function behind(
  { state, objects, onRecord, found }: Asked,
  services: readonly ServicePlan[],
): Pick<Plan, 'removed' | 'withheld' | 'leftOver'> {
  // Once they have rolled, nothing reads any more what their old pods read.
  const rolled = new Set(
    services.filter(({ rollout }) => rollout !== 'stays').map(({ service }) => service),
  );
  const inUse = found?.sets.filter(({ owner }) => !rolled.has(owner)) ?? [];
  const { remove, withheld } = judgePrune({
    ...(found ?? { candidates: [], live: new Map() }),
    configMapsInUse: new Set(inUse.flatMap(({ configMaps }) => configMaps)),
    serving: objects.length,
  });
  const removed = remove.map(objectName);
  const kept = new Set([...objects.map(objectKey), ...onRecord.filter(isConfigMap)]);
  return {
    removed,
    withheld,
    leftOver: leftOver(state.labelled, kept, configMapsInUse(state)).filter(
      (name) => !removed.includes(name) && !withheld.some((it) => it.startsWith(`${name},`)),
    ),
  };
}

const isConfigMap = (key: string): boolean => key.startsWith('/ConfigMap/');

/** A Deployment that has no pod at the moment still makes the next one by its template. */
function configMapsInUse({ live, configMapsInUse }: Asked['state']): ReadonlySet<string> {
  const templates = [...live.values()].flatMap((it) => podTemplateOf(it) ?? []);
  return new Set([...configMapsInUse, ...templates.flatMap(configMapsOf)]);
}
