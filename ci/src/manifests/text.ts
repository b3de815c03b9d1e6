import { parseAllDocuments, stringify } from 'yaml';
import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from './objects.ts';

/**
 * kubectl reads and writes YAML 1.1, where a bare `yes` or `0o7` means something else than in 1.2.
 * https://github.com/kubernetes-sigs/yaml
 */
const dialect = { version: '1.1', schema: 'yaml-1.1' } as const;

/** Reads a stream of YAML documents, one object each. */
export function parseManifests(text: string): readonly KubernetesObject[] {
  const documents = parseAllDocuments(text, { ...dialect, uniqueKeys: true });
  const objects: KubernetesObject[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [problem] = document.errors;
    if (problem) throw invalid(`The manifests are no valid YAML: ${problem.message}`);
    const value: unknown = document.toJS();
    if (value === null) continue;
    if (!isObject(value)) {
      throw invalid(
        `Document ${objects.length + 1} of the manifests is no Kubernetes object: it lacks apiVersion, kind or metadata.name.`,
      );
    }
    objects.push(value);
  }
  return objects;
}

/** Writes objects as a stream of YAML documents that `kubectl apply -f -` reads back the same. */
export function printManifests(objects: readonly KubernetesObject[]): string {
  const options = { ...dialect, lineWidth: 0, aliasDuplicateObjects: false } as const;
  return objects.map((object) => `---\n${stringify(object, options)}`).join('');
}

function isObject(value: unknown): value is KubernetesObject {
  const { apiVersion, kind, metadata } = Object(value) as Partial<KubernetesObject>;
  return (
    typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string'
  );
}

const invalid = (what: string) => new PipelineError('MANIFESTS_INVALID', what);
