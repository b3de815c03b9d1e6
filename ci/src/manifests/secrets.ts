import { PipelineError } from '../errors.ts';
import type { KubectlCall } from '../target/target.ts';
import type { KubernetesObject, PodTemplate } from './objects.ts';
import { containersOf, podTemplateOf } from './pod-template.ts';

/** A Secret that pods read, and which of its keys they cannot start without. */
export interface SecretUse {
  readonly name: string;
  /** Required key to the workloads that need it. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** Whether a pod needs the Secret to exist at all. */
  readonly required: boolean;
}

/** What a cluster says of a Secret: never a value. */
export interface SecretState {
  readonly name: string;
  readonly resourceVersion: string;
  readonly keys: readonly string[];
}

export interface MissingSecret {
  readonly name: string;
  /** False if the Secret itself is missing. */
  readonly exists: boolean;
  /** Missing key to the workloads that need it. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

interface Reference {
  readonly name: string;
  readonly key?: string;
  readonly optional: boolean;
}

/** The Secrets that a pod template refers to, once each. */
export const secretsOf = (template: PodTemplate): readonly string[] => [
  ...new Set(referencesOf(template).map((reference) => reference.name)),
];

/** Every Secret that the objects' pods read, with the keys that they require. */
export function secretUses(objects: readonly KubernetesObject[]): readonly SecretUse[] {
  const uses = new Map<string, { keys: Map<string, string[]>; required: boolean }>();
  for (const object of objects) {
    const template = podTemplateOf(object);
    for (const { name, key, optional } of template ? referencesOf(template) : []) {
      const use = uses.get(name) ?? { keys: new Map(), required: false };
      uses.set(name, use);
      if (optional) continue;
      use.required = true;
      if (key === undefined) continue;
      const users = use.keys.get(key) ?? [];
      use.keys.set(key, [...new Set([...users, object.metadata.name])]);
    }
  }
  return [...uses].map(([name, use]) => ({ name, ...use }));
}

const keysTemplate =
  '{{range .items}}{{.metadata.name}} {{.metadata.resourceVersion}}{{range $key, $value := .data}} {{$key}}{{end}}{{"\\n"}}{{end}}';

/** Asks for the names of all Secrets' keys, and for no value; in an absent namespace there are none. */
export const secretsCall: KubectlCall = {
  args: ['get', 'secrets', `--output=go-template=${keysTemplate}`],
};

/** Reads what `secretsCall` made kubectl print. */
export const parseSecretKeys = (printed: string): readonly SecretState[] =>
  printed
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLine);

function parseLine(line: string): SecretState {
  const [name = '', resourceVersion, ...keys] = line.trim().split(' ');
  if (!/^[\w.-]+$/.test(name) || !resourceVersion) {
    throw new PipelineError(
      'KUBECTL_FAILED',
      'kubectl did not list the keys of a Secret as asked.',
    );
  }
  return { name, resourceVersion, keys };
}

/** What the pods need and the cluster does not have. */
export function missingSecretKeys(
  uses: readonly SecretUse[],
  present: readonly SecretState[],
): readonly MissingSecret[] {
  const states = new Map(present.map((state) => [state.name, state]));
  const missing: MissingSecret[] = [];
  for (const use of uses) {
    const state = states.get(use.name);
    const keys = new Map([...use.keys].filter(([key]) => !state?.keys.includes(key)));
    if (keys.size === 0 && (state || !use.required)) continue;
    missing.push({ name: use.name, exists: state !== undefined, keys });
  }
  return missing;
}

function referencesOf(template: PodTemplate): readonly Reference[] {
  const references: Reference[] = [];
  for (const container of containersOf(template)) {
    for (const { valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef;
      if (secret) references.push({ ...secret, optional: secret.optional ?? false });
    }
    for (const { secretRef } of container.envFrom ?? []) {
      if (secretRef) references.push({ ...secretRef, optional: secretRef.optional ?? false });
    }
  }
  for (const { secret } of template.spec.volumes ?? []) {
    if (!secret) continue;
    references.push({ name: secret.secretName, optional: secret.optional ?? false });
  }
  return references;
}
