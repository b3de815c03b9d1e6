import { parseAllDocuments } from 'yaml';
import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from './objects.ts';

/** Reads what `kubectl kustomize` or `printManifests` wrote. */
export function parseManifests(text: string): readonly KubernetesObject[] {
  // YAML 1.2 takes fewer bare words for something else than a string than kubectl's 1.1 does, and
  // kubectl quotes all that either would.
  const documents = parseAllDocuments(text, { version: '1.2', uniqueKeys: true });
  const objects: KubernetesObject[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [problem] = document.errors;
    if (problem) throw invalid(`The manifests are no valid YAML: ${problem.message}`);
    for (const value of itemsOf(document.toJS())) {
      if (!isObject(value)) {
        throw invalid(
          `Object ${objects.length + 1} of the manifests is no Kubernetes object: it lacks apiVersion, kind or metadata.name.`,
        );
      }
      objects.push(value);
    }
  }
  return objects;
}

/**
 * Writes objects for `kubectl apply -f -`, as one List in JSON: kubectl reads YAML by the rules of
 * 1.1, with additions of Go's, and no writer knows all of its traps.
 */
export function printManifests(objects: readonly KubernetesObject[]): string {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === null) return [];
  const { kind, items } = Object(value) as { kind?: unknown; items?: unknown };
  return kind === 'List' && Array.isArray(items) ? items : [value];
}

function isObject(value: unknown): value is KubernetesObject {
  const { apiVersion, kind, metadata } = Object(value) as Partial<KubernetesObject>;
  return (
    typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string'
  );
}

const invalid = (what: string) => new PipelineError('MANIFESTS_INVALID', what);
