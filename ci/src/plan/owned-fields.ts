import { isRecord, type Path } from './path.ts';

/** A field of an object that somebody owns. */
export interface OwnedField {
  readonly path: Path;
  /** Finds the field's value in an object of the same shape; undefined if it is not there. */
  readonly in: (object: unknown) => unknown;
}

type Find = OwnedField['in'];

/**
 * The fields that one entry of `managedFields` owns. Of an element of a list that is owned as a whole
 * the element itself comes first.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#fieldsv1
 */
export function ownedFields(node: unknown, path: Path = [], find: Find = (it) => it): OwnedField[] {
  if (!isRecord(node)) return [];
  return Object.entries(node).flatMap(([key, inner]): OwnedField[] => {
    if (key === '.') return [];
    const step = readKey(key);
    const here: OwnedField = {
      path: [...path, step.step],
      in: (object) => step.find(find(object)),
    };
    const leaf = !isRecord(inner) || Object.keys(inner).length === 0;
    if (leaf) return [here];
    const below = ownedFields(inner, here.path, here.in);
    return typeof step.step === 'object' && '.' in inner ? [here, ...below] : below;
  });
}

/** `f:<field>`, `k:<what an element's fields are>`, `v:<an element's value>`, `i:<index>`. */
function readKey(key: string): { step: Path[number]; find: Find } {
  const [kind, rest] = [key.slice(0, 2), key.slice(2)];
  if (kind === 'k:') {
    const wanted = JSON.parse(rest) as Record<string, unknown>;
    const element = String(wanted.name ?? Object.values(wanted)[0]);
    return { step: { element }, find: (list) => elements(list).find((it) => matches(it, wanted)) };
  }
  if (kind === 'v:') {
    const wanted = JSON.stringify(JSON.parse(rest));
    const find: Find = (list) => elements(list).find((it) => JSON.stringify(it) === wanted);
    return { step: { element: rest }, find };
  }
  if (kind === 'i:')
    return { step: { element: rest }, find: (list) => elements(list)[Number(rest)] };
  return { step: rest, find: (object) => (isRecord(object) ? object[rest] : undefined) };
}

const elements = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);

/** A manifest leaves out what the server adds, such as the protocol of a port. */
const matches = (element: unknown, wanted: Readonly<Record<string, unknown>>): boolean =>
  isRecord(element) &&
  Object.entries(wanted).every(([key, value]) => (element[key] ?? value) === value);
