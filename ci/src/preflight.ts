import { PipelineError } from './errors.ts';
import { secretKeysMissing } from './manifests/missing-secrets.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { podTemplateOf } from './manifests/pod-template.ts';
import { withSecretVersions } from './manifests/secret-versions.ts';
import {
  missingSecretKeys,
  parseSecretKeys,
  type SecretState,
  secretsCall,
  secretUses,
} from './manifests/secrets.ts';
import { namespace } from './namespace.ts';
import type { Revision } from './source/git.ts';
import { saidBy } from './target/printed.ts';
import type { KubectlOutput, Target } from './target/target.ts';

/**
 * Notes the version of each Secret in the pods that use it. Throws, before anything is touched, if a
 * Secret or a key that the pods cannot start without is missing.
 */
export async function secretVersions(
  target: Target,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const present = readSecretStates(target, (await target.kubectl([secretsCall]))[0]);
  requireSecrets(objects, present);
  return withSecretVersions(objects, present);
}

/** Reads what `secretsCall` made kubectl print. */
export function readSecretStates(
  target: Target,
  output: KubectlOutput | undefined,
): readonly SecretState[] {
  if (output?.exitCode === 0) return parseSecretKeys(output.stdout);
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The Secrets' key names cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}

/** Throws, with the command that mends it, if pods would lack a Secret or a key. */
export function requireSecrets(
  objects: readonly KubernetesObject[],
  present: readonly SecretState[],
): void {
  const missing = missingSecretKeys(secretUses(objects), present);
  if (missing.length > 0) throw secretKeysMissing(missing, namespaceOfPods(objects));
}

/** What runs in production can be found again by its commit. */
export function refuseDirtyProduction(overlay: string, revision: Revision): void {
  if (overlay !== 'production' || !revision.dirty) return;
  throw new PipelineError(
    'TREE_DIRTY',
    'Production takes committed code only; this tree has changes.',
    {
      cure: 'Commit or stash them, then deploy again.',
    },
  );
}

/** Where the pods are to run: their Secret has to lie beside them. */
const namespaceOfPods = (objects: readonly KubernetesObject[]): string =>
  objects.find(podTemplateOf)?.metadata.namespace ?? namespace;
