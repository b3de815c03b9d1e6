import { isDeepStrictEqual } from 'node:util';
import { fieldManager } from '../manifests/payload.ts';
import { ownedFields } from './owned-fields.ts';
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
  /** `refused`: the manifests want another value, and a deploy takes no field by force. */
  readonly fate: 'refused' | 'kept';
}

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
}

/** Fields that a person's tool wrote and no controller. */
const byHand = /^kubectl/;

/** What others have set on an object: all that stands in our way, and what a person has added. */
export function handMade({ rendered, live, wanted = rendered }: Compared): HandMade[] {
  const found: HandMade[] = [];
  for (const { manager = '', subresource, time, fieldsV1 } of managersOf(live)) {
    if (manager === fieldManager || subresource === 'status') continue;
    let added: string | undefined;
    for (const field of ownedFields(fieldsV1)) {
      const [is, shall] = [field.in(live), field.in(wanted)];
      const path = printPath(field.path);
      if (is === undefined || (added && path.startsWith(added))) continue;
      const ours = field.in(rendered) !== undefined;
      const element = typeof field.path.at(-1) === 'object';
      // Of an element that we have too, its fields say what differs.
      if (ours && (element || isDeepStrictEqual(is, shall))) continue;
      const kept = !ours && byHand.test(manager) && field.path[0] !== 'metadata';
      if (!ours && !kept) continue;
      if (element) added = `${path}.`;
      const [shownIs, shownShall] = [shown(field.path, is), ours && shown(field.path, shall)];
      found.push({
        path,
        manager,
        ...(time ? { time } : {}),
        ...(shownIs === undefined ? {} : { live: shownIs }),
        ...(shownShall ? { wanted: shownShall } : {}),
        fate: ours ? 'refused' : 'kept',
      });
    }
  }
  return found;
}

function managersOf(object: object): readonly Manager[] {
  const { metadata } = object as { metadata?: { managedFields?: readonly Manager[] } };
  return metadata?.managedFields ?? [];
}
