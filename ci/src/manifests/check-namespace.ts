import { PipelineError } from '../errors.ts';
import { type KubernetesObject, objectName } from './objects.ts';

/** Throws if an overlay's objects lie in another namespace than the one that the pipeline asks. */
export function checkNamespace(
  objects: readonly KubernetesObject[],
  { overlay, namespace }: { readonly overlay: string; readonly namespace: string },
): void {
  const stray = objects.find((object) => (namespaceOfObject(object) ?? namespace) !== namespace);
  if (!stray) return;
  throw new PipelineError(
    'MANIFESTS_INVALID',
    `${objectName(stray)} of the overlay ${overlay} belongs to the namespace ${namespaceOfObject(stray)}; this overlay's is ${namespace}.`,
    { cure: `Write "namespace: ${namespace}" in k8s/overlays/${overlay}/kustomization.yaml.` },
  );
}

/** A Namespace is what it makes; an object without one lies wherever it is applied to. */
const namespaceOfObject = ({ kind, metadata }: KubernetesObject): string | undefined =>
  kind === 'Namespace' ? metadata.name : metadata.namespace;
