import type { FoundImage } from '../images/find-images.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import type { ObjectPlan, ServicePlan } from './plan.ts';

export interface ServiceFacts {
  /** Undefined where the registry could not be asked. */
  readonly image: FoundImage | undefined;
  /** Its Deployment as it is; undefined if there is none. */
  readonly live: KubernetesObject | undefined;
  /** What becomes of its Deployment; undefined where the cluster could not be asked. */
  readonly object: ObjectPlan | undefined;
}

const template = 'spec.template.';

/** What a deploy would do with a service: its image and its pods. */
export function planService(service: string, { image, live, object }: ServiceFacts): ServicePlan {
  const runs = live?.metadata.annotations?.['whatsthecraic.run.place/source'] ?? '';
  const reasons = reasonsToRoll(object, image);
  return {
    service,
    image: !image ? 'unknown' : image.digest === undefined ? 'to build' : 'there',
    source: image?.tag ?? '',
    runs,
    inputs: image?.inputs ?? [],
    rollout: rolloutOf(object, live, reasons),
    reasons,
  };
}

function rolloutOf(
  object: ObjectPlan | undefined,
  live: KubernetesObject | undefined,
  reasons: readonly string[],
): ServicePlan['rollout'] {
  if (!object) return 'unknown';
  if (reasons.length > 0) return 'rolls';
  if (object.what === 'create') return 'new';
  return object.what === 'refused' && !live ? 'unknown' : 'stays';
}

/** A Deployment makes new pods when anything in their template changes, and only then. */
function reasonsToRoll(
  object: ObjectPlan | undefined,
  image: FoundImage | undefined,
): readonly string[] {
  if (object?.what === 'replace') return ['its selector'];
  const paths = (object?.changes ?? []).map(({ path }) => path);
  const reasons = paths.filter((path) => path.startsWith(template)).map(reason);
  // Without an answer from the registry, that the placeholder differs says nothing.
  return [...new Set(reasons)].filter((it) => image || it !== 'image');
}

function reason(path: string): string {
  const field = path.slice(template.length);
  if (/ontainers\[[^\]]+\]\.image$/.test(field)) return 'image';
  if (/\bconfigMap(?:Ref|KeyRef)?\b/.test(field)) return 'config';
  const secret = /^metadata\.annotations\[whatsthecraic\.run\.place\/secret-(.+)\]$/.exec(field);
  return secret ? `Secret ${secret[1]}` : field;
}
