import type { KubernetesObject } from '../../../src/manifests/objects.ts';

/** An image reference whose digest repeats one hex digit. */
export const pinned = (repository: string, digit = 'a'): string =>
  `${repository}@sha256:${digit.repeat(64)}`;

/** A Deployment with one container; `container` and `pod` add fields. */
export function deployment(
  name: string,
  container: Readonly<Record<string, unknown>> = {},
  pod: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const containers = [{ name, image: pinned(`registry.example/${name}`), ...container }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'whatsthecraic' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers, ...pod } },
    },
  };
}

/** An environment variable that one key of a Secret fills. */
export const fromSecret = (key: string, name = 'site', optional?: boolean) => ({
  name: key,
  valueFrom: { secretKeyRef: { name, key, ...(optional === undefined ? {} : { optional }) } },
});
