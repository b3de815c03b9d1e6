/** One step into an object: a field by its name, or an element of a list by what tells it apart. */
export type Step = string | { readonly element: string };

export type Path = readonly Step[];

const plain = /^[\w-]+$/;

/** A path as people read it: `spec.template.spec.containers[aggregator].image`. */
export function printPath(path: Path): string {
  let text = '';
  for (const step of path) {
    const field = typeof step === 'string' ? step : undefined;
    if (field !== undefined && plain.test(field)) text += text === '' ? field : `.${field}`;
    else text += `[${typeof step === 'string' ? step : step.element}]`;
  }
  return text;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that tell the elements of Kubernetes' lists apart, the most telling first. */
const keys = ['name', 'mountPath', 'containerPort', 'port', 'host', 'path', 'type', 'ip'] as const;

/** What to call each element of both lists; undefined if they have no field that tells them apart. */
export function elementKey(...lists: readonly (readonly unknown[])[]): string | undefined {
  return keys.find((key) =>
    lists.every((list) => {
      const values = list.map((it) => (isRecord(it) ? it[key] : undefined));
      const known = values.every((it) => typeof it === 'string' || typeof it === 'number');
      return known && new Set(values).size === values.length;
    }),
  );
}
