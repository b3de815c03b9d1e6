import { type KubernetesObject, objectKey } from '../manifests/objects.ts';

/** Which object is meant, without what is in it. */
export type ObjectName = Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>;

/** An object's name for a record: `apps/v1 Deployment whatsthecraic/aggregator`. */
export const printName = ({ apiVersion, kind, metadata }: ObjectName): string => {
  const { name, namespace } = metadata;
  return [apiVersion, kind, namespace ? `${namespace}/${name}` : name].join(' ');
};

/** Reads what `printName` wrote; what a pipeline to come may write otherwise is left out. */
export const parseNames = (names: readonly string[] = []): readonly ObjectName[] =>
  names.flatMap((text): ObjectName[] => {
    const [apiVersion, kind, path, ...more] = text.split(' ');
    if (!apiVersion || !kind || !path || more.length > 0) return [];
    const [name = '', namespace] = path.split('/').toReversed();
    return [{ apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } }];
  });

/** Each object once, whichever version of its API it was written in. */
export const distinct = (names: readonly ObjectName[]): readonly ObjectName[] => [
  ...new Map(names.map((it) => [objectKey(it), it])).values(),
];
