import type { KubernetesObject } from './objects.ts';
import { podTemplateOf, withPodTemplate } from './pod-template.ts';
import { type SecretState, secretsOf } from './secrets.ts';

const annotation = (secret: string): string => `whatsthecraic.run.place/secret-${secret}`;

/**
 * Notes in each pod template the version of the Secrets that it reads, so that a changed Secret
 * rolls its services at the next deploy and no value is ever read. A Secret that is not there,
 * which then is optional, leaves no note.
 */
export function withSecretVersions(
  objects: readonly KubernetesObject[],
  present: readonly SecretState[],
): readonly KubernetesObject[] {
  const versions = new Map(present.map(({ name, resourceVersion }) => [name, resourceVersion]));
  return objects.map((object) => {
    const template = podTemplateOf(object);
    if (!template) return object;
    const notes: Record<string, string> = {};
    for (const secret of secretsOf(template)) {
      const version = versions.get(secret);
      if (version !== undefined) notes[annotation(secret)] = version;
    }
    if (Object.keys(notes).length === 0) return object;
    const annotations = { ...template.metadata?.annotations, ...notes };
    return withPodTemplate(object, {
      ...template,
      metadata: { ...template.metadata, annotations },
    });
  });
}
