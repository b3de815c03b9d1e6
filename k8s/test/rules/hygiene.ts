import { containerOf } from '../helpers/objects.ts';
import { isNetworkPolicy, type NetworkPolicy } from '../network/network-policy.ts';
import { type Rule, rule } from './rule.ts';

const platform = 'whatsthecraic';

/** What keeps a release one release: pinned, labelled, in its place, and free of secrets. */
export const hygiene: readonly Rule[] = [
  rule(
    'Deployment',
    'the image is pinned by its digest, and pulled only if the node lacks it',
    (deployment) => {
      const { image, imagePullPolicy } = containerOf(deployment);
      return /@sha256:[0-9a-f]{64}$/.test(image) && imagePullPolicy === 'IfNotPresent';
    },
    (draft) => {
      draft.spec.template.spec.containers[0].image = 'registry.example/auth-service:latest';
    },
  ),
  rule(
    'Deployment',
    'the selector is the name alone',
    ({ metadata, spec }) =>
      JSON.stringify(spec.selector) ===
      JSON.stringify({ matchLabels: { 'app.kubernetes.io/name': metadata.name } }),
    (draft) => {
      draft.spec.selector.matchLabels['app.kubernetes.io/part-of'] = platform;
    },
  ),
  rule(
    'Service',
    'the selector is the name alone',
    ({ metadata, spec }) =>
      JSON.stringify(spec.selector) === JSON.stringify({ 'app.kubernetes.io/name': metadata.name }),
    (draft) => {
      draft.spec.selector['app.kubernetes.io/component'] = 'gateway';
    },
  ),
  rule(
    'Deployment',
    'container, image and Deployment bear one name',
    (deployment) => {
      const { name, image } = containerOf(deployment);
      return name === deployment.metadata.name && image.includes(`/whatsthecraic/${name}@`);
    },
    (draft) => {
      draft.spec.template.spec.containers[0].name = 'app';
    },
  ),
  rule(
    'Deployment',
    'nothing in the pod template changes with each release',
    ({ spec }) => {
      const { labels, annotations = {} } = spec.template.metadata;
      const names = Object.keys({ ...labels, ...annotations });
      const variables = spec.template.spec.containers.flatMap(({ env = [] }) => env);
      return (
        !names.some((name) => /version|commit|release|date|build|restarted/i.test(name)) &&
        variables.every(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined)
      );
    },
    (draft) => {
      draft.spec.template.metadata.annotations = { 'whatsthecraic.run.place/commit': '0123abc' };
    },
  ),
  rule(
    'Deployment',
    'no environment variables from other Services',
    ({ spec }) => spec.template.spec.enableServiceLinks === false,
    (draft) => {
      draft.spec.template.spec.enableServiceLinks = true;
    },
  ),
  rule(
    'ConfigMap',
    'the name ends with a hash of the content',
    ({ metadata }) => /-config-[a-z0-9]{10}$/.test(metadata.name),
    (draft) => {
      draft.metadata.name = 'whatsthecraic-config';
    },
  ),
  rule(
    'ConfigMap',
    'no key that looks like a secret',
    ({ data }) =>
      !Object.keys(data).some((key) => /PASS|SECRET|TOKEN|CREDENTIAL|(^|_)KEY$/i.test(key)),
    (draft) => {
      draft.data.SPOTIFY_CLIENT_SECRET = 'x';
    },
  ),
  {
    name: 'in the namespace of the platform',
    of: (all) => all.filter(({ kind }) => kind !== 'Namespace'),
    holds: ({ metadata }, all) =>
      all.some((each) => each.kind === 'Namespace' && each.metadata.name === metadata.namespace),
    breakIt: (draft) => {
      delete draft.metadata.namespace;
    },
  },
  {
    name: 'recommended labels',
    // https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    of: (all) => all.filter(({ metadata }) => !/^common-config-/.test(metadata.name)),
    holds: ({ kind, metadata: { labels = {} } }) =>
      labels['app.kubernetes.io/part-of'] === platform &&
      (kind === 'Namespace' ||
        ['name', 'component'].every((label) => labels[`app.kubernetes.io/${label}`])),
    breakIt: (draft) => {
      delete draft.metadata.labels['app.kubernetes.io/part-of'];
    },
  },
  {
    name: 'no Secret among the manifests',
    of: (all) => all,
    holds: ({ kind }) => kind !== 'Secret',
    breakIt: (draft) => {
      draft.kind = 'Secret';
    },
  },
  {
    name: 'the namespace enforces the restricted pod security standard',
    of: (all) => all.filter(({ kind }) => kind === 'Namespace'),
    holds: ({ metadata }) =>
      metadata.labels?.['pod-security.kubernetes.io/enforce'] === 'restricted',
    breakIt: (draft) => {
      draft.metadata.labels['pod-security.kubernetes.io/enforce'] = 'privileged';
    },
  },
  {
    name: 'a network policy denies every pod what no other allows',
    of: (all) => all.filter(({ kind }) => kind === 'Namespace'),
    holds: (_, all) =>
      all.filter(isNetworkPolicy).some(({ spec }) => {
        const { podSelector, policyTypes = [], ingress = [], egress = [] } = spec;
        return (
          Object.keys(podSelector).length === 0 &&
          ['Ingress', 'Egress'].every((type) => policyTypes.some((each) => each === type)) &&
          ingress.length + egress.length === 0
        );
      }),
    breakIt: (_, all) => {
      const deny = all.find(({ metadata }) => metadata.name === 'deny-all');
      deny.spec.policyTypes = ['Ingress'];
    },
  },
  {
    name: 'says for which directions it isolates',
    of: (all) => all.filter(isNetworkPolicy),
    holds: (object) => (object as NetworkPolicy).spec.policyTypes !== undefined,
    breakIt: (draft) => {
      delete draft.spec.policyTypes;
    },
  },
];
