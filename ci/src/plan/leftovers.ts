/** An object of the namespace that carries the platform's label. */
export interface Labelled {
  readonly key: string;
  /** As people call it: `ConfigMap common-config-2ktg76ht5k`. */
  readonly name: string;
  /** Whether another object made it, and will remove it. */
  readonly owned: boolean;
}

/**
 * What carries the platform's label, and the manifests hold no more. A ConfigMap that pods still read
 * is none: its successor has another name, and they keep it until they are gone.
 */
export function leftOver(
  labelled: readonly Labelled[],
  wanted: ReadonlySet<string>,
  configMapsInUse: ReadonlySet<string>,
): readonly string[] {
  return labelled
    .filter(({ key, owned }) => !owned && !wanted.has(key))
    .map(({ name }) => name)
    .filter((name) => !configMapsInUse.has(name.replace(/^ConfigMap /, '')) || !isConfigMap(name))
    .toSorted();
}

const isConfigMap = (name: string): boolean => name.startsWith('ConfigMap ');
