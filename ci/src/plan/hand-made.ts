import { isDeepStrictEqual } from 'node:util';
import { fieldManager } from '../manifests/payload.ts';
import { keeper } from '../replicas/replicas.ts';
import { type OwnedField, ownedFields } from './owned-fields.ts';
import { printPath } from './path.ts';
import { shown } from './shown.ts';

/** A field that somebody other than the pipeline has set. */
export interface HandMade {
  readonly path: string;
  /** Under which name Kubernetes recorded it, such as kubectl-edit. */
  readonly manager: string;
  /** ISO 8601; Kubernetes keeps none for a `kubectl scale`. */
  readonly time?: string;
  /** Present where the value is short and cannot be secret. */
  readonly live?: string;
  readonly wanted?: string;
  readonly fate: Fate;
}

/**
 * What a deploy does with it. `refused`: the manifests want another value, and no field is taken by
 * force; `taken`: with `--adopt` it is. Fields that the manifests do not have are `kept`; `removed`
 * with what was applied client-side, which goes over to us; or, where they
 * say how many pods there are, `handed over` to whoever scales.
 */
type Fate = 'refused' | 'taken' | 'kept' | 'removed' | 'handed over';

interface Manager {
  readonly manager?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

export interface Compared {
  /** What we send. */
  readonly rendered: object;
  /** What is there, `managedFields` included. */
  readonly live: object;
  /** What would be there, as the server's dry run has it; absent if it gave none. */
  readonly wanted?: object | undefined;
  readonly adopt?: boolean;
  /** Whether the object is replaced as a whole. */
  readonly replaced?: boolean;
}

/** Under which name Kubernetes records what `kubectl apply` without `--server-side` has set. */
export const clientSideApply = 'kubectl-client-side-apply';

const ownNames: ReadonlySet<string> = new Set([fieldManager, keeper]);

/** Fields that a person's tool wrote and no controller. */
const byHand = /^kubectl/;

/** What others have set on an object: all that stands in our way, and what a person has added. */
export function handMade({
  rendered,
  live,
  wanted = rendered,
  adopt = false,
  replaced = false,
}: Compared): HandMade[] {
  const found: HandMade[] = [];
  for (const { manager = '', subresource, time, fieldsV1 } of managersOf(live)) {
    if (ownNames.has(manager) || subresource === 'status') continue;
    let added: string | undefined;
    for (const field of ownedFields(fieldsV1)) {
      const [is, shall] = [field.in(live), field.in(wanted)];
      const path = printPath(field.path);
      if (is === undefined || (added && path.startsWith(added))) continue;
      const ours = field.in(rendered) !== undefined;
      const element = typeof field.path.at(-1) === 'object';
      // Of an element that we have too, its fields say what differs.
      if (ours && (element || isDeepStrictEqual(is, shall))) continue;
      if (!ours && !isByHand(manager, field)) continue;
      if (element) added = `${path}.`;
      const [shownIs, shownShall] = [shown(field.path, is), ours && shown(field.path, shall)];
      found.push({
        path,
        manager,
        ...(time ? { time } : {}),
        ...(shownIs === undefined ? {} : { live: shownIs }),
        ...(shownShall ? { wanted: shownShall } : {}),
        fate: ours ? (adopt ? 'taken' : 'refused') : fateOf(path, manager, replaced),
      });
    }
  }
  return found;
}

/** Labels and annotations are anybody's, but for those of what we take over whole. */
const isByHand = (manager: string, { path }: OwnedField): boolean =>
  byHand.test(manager) &&
  (path[0] !== 'metadata' || (manager === clientSideApply && path[1] === 'labels'));

function fateOf(path: string, manager: string, replaced: boolean): Fate {
  const goes = replaced || manager === clientSideApply;
  if (goes && path === 'spec.replicas') return 'handed over';
  return goes ? 'removed' : 'kept';
}

function managersOf(object: object): readonly Manager[] {
  const { metadata } = object as { metadata?: { managedFields?: readonly Manager[] } };
  return metadata?.managedFields ?? [];
}
