import type { KubernetesObject } from '../manifests/objects.ts';
import { fieldManager } from '../manifests/payload.ts';
import { clientSideApply } from '../plan/hand-made.ts';
import { isRecord } from '../plan/path.ts';

interface Entry {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: unknown;
}

/**
 * The object with what `kubectl apply` once set client-side recorded as ours, so that one apply takes
 * away what the manifests hold no more; undefined if there is nothing of that kind. kubectl would do
 * it too, but only after its apply and then with a second one, which makes new pods twice.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply
 */
export function withOwnership(live: KubernetesObject): KubernetesObject | undefined {
  const entries = managedFieldsOf(live);
  const clients = entries.filter(
    (it) => it.manager === clientSideApply && it.operation === 'Update' && !it.subresource,
  );
  const [first] = clients;
  if (!first) return undefined;
  const own = entries.find(
    (it) => it.manager === fieldManager && it.operation === 'Apply' && !it.subresource,
  );
  const fieldsV1 = [...clients, ...(own ? [own] : [])].map((it) => it.fieldsV1).reduce(union);
  const entry = { ...(own ?? first), manager: fieldManager, operation: 'Apply', fieldsV1 };
  const others = entries.filter((it) => it !== own && !clients.includes(it));
  const metadata = { ...live.metadata, managedFields: [entry, ...others] };
  return { ...live, metadata };
}

/** Sets of fields are trees: what either has. */
function union(a: unknown, b: unknown): unknown {
  if (!isRecord(a) || !isRecord(b)) return a ?? b;
  const merged: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) merged[key] = union(merged[key], value);
  return merged;
}

export const managedFieldsOf = ({ metadata }: KubernetesObject): readonly Entry[] =>
  (metadata as { managedFields?: readonly Entry[] }).managedFields ?? [];
