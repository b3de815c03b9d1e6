import { PipelineError } from './errors.ts';
import { secretKeysMissing } from './manifests/missing-secrets.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { podTemplateOf } from './manifests/pod-template.ts';
import { withSecretVersions } from './manifests/secret-versions.ts';
import {
  missingSecretKeys,
  parseSecretKeys,
  type SecretState,
  secretKeysArgs,
  secretUses,
} from './manifests/secrets.ts';
import { namespace } from './namespace.ts';
import type { Target } from './target/target.ts';

/**
 * Notes the version of each Secret in the pods that use it. Throws, before anything is touched, if a
 * Secret or a key that the pods cannot start without is missing.
 */
export async function secretVersions(
  target: Target,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const uses = secretUses(objects);
  const outputs = await target.kubectl(uses.map((use) => ({ args: secretKeysArgs(use.name) })));
  const present: SecretState[] = [];
  for (const output of outputs) {
    if (output.exitCode !== 0) {
      throw new PipelineError(
        'CLUSTER_UNREACHABLE',
        `The Secrets' key names cannot be read on ${target.description}: ${output.stderr.trim()}`,
      );
    }
    const state = parseSecretKeys(output.stdout);
    if (state) present.push(state);
  }
  const missing = missingSecretKeys(uses, present);
  if (missing.length > 0) throw secretKeysMissing(missing, namespaceOfPods(objects));
  return withSecretVersions(objects, present);
}

/** Where the pods are to run: their Secret has to lie beside them. */
const namespaceOfPods = (objects: readonly KubernetesObject[]): string =>
  objects.find(podTemplateOf)?.metadata.namespace ?? namespace;
