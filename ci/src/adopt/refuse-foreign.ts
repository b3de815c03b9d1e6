import { PipelineError } from '../errors.ts';
import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import { type Asked, askCluster } from '../plan/ask-cluster.ts';
import type { Finding } from '../plan/finding.ts';
import { inTheWay } from '../plan/judge.ts';
import type { HandMadeField } from '../plan/plan.ts';
import { findHandMade } from '../plan/plan-objects.ts';
import type { Target } from '../target/target.ts';
import { readTakeover, takeoverCall } from './takeover-record.ts';

/**
 * Called for objects that the server would not take. Throws, before anything is touched, if others have
 * set or made what the apply would need: with all that is in the way, as `plan` says it, and the flag
 * that takes it over.
 */
export async function refuseForeign(
  target: Target,
  objects: readonly KubernetesObject[],
  adopt: boolean,
): Promise<void> {
  const [takeover] = await target.kubectl([takeoverCall]);
  // One that is under way is taken to its end first, once the Lease is held.
  if (readTakeover(target, takeover)) return;
  const findings = whatStands(await askCluster(target, objects, [], { adopt }));
  const [first] = findings;
  if (!first) return;
  const foreign = findings.every(({ code }) => adoptable.has(code));
  const what = [
    foreign
      ? `${target.description} holds what others have set or made; nothing was touched.`
      : `The apply would be refused by ${target.description}; nothing was touched.`,
    ...findings.map(({ message }) => message.split('\n', 1)[0]),
  ];
  const cure = foreign
    ? 'See `plan --adopt` for what would become of it, then deploy with --adopt, which takes it over while the pods that serve go on.'
    : 'See `plan` for all of it.';
  throw new PipelineError(foreign ? 'ADOPT_NEEDED' : 'APPLY_FAILED', what.join('\n'), { cure });
}

const adoptable: ReadonlySet<string> = new Set(['FIELDS_TAKEN', 'SELECTOR_CHANGED']);

/** Without images yet, one that somebody has pinned may be the very one that is to come. */
function whatStands(asked: Asked): readonly Finding[] {
  const fields = findHandMade(asked).filter((it) => it.fate === 'refused');
  const certain = (object: KubernetesObject) => {
    const own = fields.filter((it) => it.object === objectName(object));
    return own.length === 0 || !own.every(isPinnedImage);
  };
  const refused = [...asked.dryRun.refused].filter(([key]) =>
    asked.objects.some((it) => objectKey(it) === key && certain(it)),
  );
  return inTheWay({ ...asked, dryRun: { ...asked.dryRun, refused: new Map(refused) } });
}

const isPinnedImage = ({ path, live = '' }: HandMadeField): boolean =>
  path.endsWith('.image') && live.includes('@sha256:');
