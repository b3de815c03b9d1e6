import { isDeepStrictEqual } from 'node:util';
import { elementKey, isRecord, type Path, printPath } from './path.ts';
import { shown } from './shown.ts';

export interface Change {
  readonly path: string;
  readonly what: 'added' | 'removed' | 'changed' | 'reordered';
  /** Present where the value is short and cannot be secret. */
  readonly before?: string;
  readonly after?: string;
}

/** Every field in which two values differ; none if they are equal. */
export function changesBetween(before: unknown, after: unknown, path: Path = []): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return fields.flatMap((it) => changesBetween(before[it], after[it], [...path, it]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  const [shownBefore, shownAfter] = [shown(path, before), shown(path, after)];
  return [
    {
      path: printPath(path),
      what: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      ...(shownBefore === undefined ? {} : { before: shownBefore }),
      ...(shownAfter === undefined ? {} : { after: shownAfter }),
    },
  ];
}

function listChanges(before: readonly unknown[], after: readonly unknown[], path: Path): Change[] {
  const key = elementKey(before, after);
  const objects = [...before, ...after].every(isRecord);
  // A list of plain values is one value: its elements have no names.
  if (key === undefined && !objects) return [{ path: printPath(path), what: 'changed' }];
  const [was, is] = [byElement(before, key), byElement(after, key)];
  const changes = [...new Set([...was.keys(), ...is.keys()])].flatMap((element) =>
    changesBetween(was.get(element), is.get(element), [...path, { element }]),
  );
  // Kubernetes minds the order of a list, if only to start new pods.
  return changes.length > 0 ? changes : [{ path: printPath(path), what: 'reordered' }];
}

const byElement = (list: readonly unknown[], key: string | undefined): Map<string, unknown> =>
  new Map(list.map((it, index) => [String(key && isRecord(it) ? it[key] : index), it]));
