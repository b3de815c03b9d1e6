import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import { cures } from '../rollout/verdict.ts';
import type { Asked } from './ask-cluster.ts';
import type { ClusterState } from './cluster-state.ts';
import type { DryRun } from './dry-run.ts';
import type { Finding } from './finding.ts';
import type { HandMadeField } from './plan.ts';

const live = (state: Pick<ClusterState, 'live'>, objects: readonly KubernetesObject[]) =>
  objects.flatMap((it) => state.live.get(objectKey(it)) ?? []);

/** A paused Deployment takes the new template and makes no pod of it. */
export function pausedOnes(
  objects: readonly KubernetesObject[],
  state: Pick<ClusterState, 'live'>,
): readonly Finding[] {
  return live(state, objects)
    .filter((it) => (it.spec as { paused?: boolean } | undefined)?.paused === true)
    .map((it) => ({
      code: 'PAUSED',
      message: [`${objectName(it)} is paused${byWhom(it)}.`, cures.PAUSED].join('\n'),
    }));
}

/** The server takes an apply to an object that is being deleted, and deletes it all the same. */
export function terminatingOnes(
  objects: readonly KubernetesObject[],
  state: Pick<ClusterState, 'live'>,
): readonly Finding[] {
  return live(state, objects).flatMap((it) => {
    const { deletionTimestamp: since, finalizers } = it.metadata as {
      deletionTimestamp?: string;
      finalizers?: readonly string[];
    };
    if (!since) return [];
    const holds = finalizers?.length ? `, held by ${finalizers.join(' and ')}` : '';
    const what = `${objectName(it)} is being deleted since ${since}${holds}: what is applied to it would vanish with it.`;
    return { code: 'TERMINATING', message: `${what}\nWait until it is gone, then deploy again.` };
  });
}

/** What the server refuses: fields that belong to somebody else, or what it says itself. */
export function refusals(
  objects: readonly KubernetesObject[],
  { refused }: Pick<DryRun, 'refused'>,
  handMade: readonly HandMadeField[],
): readonly Finding[] {
  return objects.flatMap((object) => {
    const words = refused.get(objectKey(object));
    if (words === undefined) return [];
    const name = objectName(object);
    const taken = handMade.filter((it) => it.object === name && it.fate === 'refused');
    // What the server says besides of conflicts has another cause, and that one stands.
    if (taken.length === 0 || !/^Apply failed with \d+ conflict/m.test(words)) {
      return { code: 'APPLY_FAILED', message: `${name} would be refused: ${words}` };
    }
    const fields = taken.map(
      ({ path, manager, time }) => `${path} (${manager}${time ? ` since ${time}` : ''})`,
    );
    return {
      code: 'FIELDS_TAKEN',
      message: `${name} would be refused: others have changed ${fields.join(', ')}.\n${takeFieldsCure}`,
    };
  });
}

const takeFieldsCure =
  'Set them back on the cluster, write them into k8s/, or deploy with --adopt, which takes them.';

/** What a Deployment cannot become; with `--adopt` it is replaced. */
export const selectorObstacles = ({
  selectorChanges,
  adopt,
}: Pick<Asked, 'selectorChanges' | 'adopt'>): readonly Finding[] =>
  adopt
    ? []
    : selectorChanges.map(({ rendered, from, to }) => ({
        code: 'SELECTOR_CHANGED',
        message: [
          `${objectName(rendered)} selects its pods by ${from}, the manifests by ${to}: a selector cannot be changed.`,
          'Deploy with --adopt: it replaces the Deployment while its pods go on serving.',
        ].join('\n'),
      }));

/** Who has paused it: the owner of the field, if Kubernetes recorded one. */
function byWhom({ metadata }: KubernetesObject): string {
  const { managedFields = [] } = metadata as {
    managedFields?: readonly { manager?: string; time?: string; fieldsV1?: object }[];
  };
  const owner = managedFields.find(
    ({ fieldsV1 }) => 'f:paused' in Object((fieldsV1 as Record<string, unknown>)?.['f:spec']),
  );
  return owner ? ` by ${owner.manager} since ${owner.time}` : '';
}
