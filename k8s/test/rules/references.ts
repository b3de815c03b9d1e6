import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { secretsOf } from '../../../ci/src/manifests/secrets.ts';
import { containerOf, ofKind } from '../helpers/objects.ts';
import { type Rule, rule } from './rule.ts';

const nameLabel = 'app.kubernetes.io/name';

const deploymentOf = (name: string | undefined, all: readonly KubernetesObject[]) =>
  ofKind(all, 'Deployment').find((each) => each.spec.template.metadata.labels[nameLabel] === name);

/** Whatever an object names exists, and is what it is taken for. */
export const references: readonly Rule[] = [
  rule(
    'Deployment',
    'the ConfigMaps exist: the common one, then its own',
    (deployment, all) => {
      const names = (containerOf(deployment).envFrom ?? []).map((each) => each.configMapRef?.name);
      const [common = '', own = ''] = names;
      return (
        names.length === 2 &&
        /^common-config-[a-z0-9]{10}$/.test(common) &&
        own.startsWith(`${deployment.metadata.name}-config-`) &&
        names.every((name) => ofKind(all, 'ConfigMap').some((map) => map.metadata.name === name))
      );
    },
    (draft) => {
      draft.spec.template.spec.containers[0].envFrom[1].configMapRef.name = 'aggregator-config';
    },
  ),
  rule(
    'Deployment',
    'no Secret but the one that people make, by single keys',
    (deployment) =>
      secretsOf(deployment.spec.template).every((name) => name === 'whatsthecraic-secrets') &&
      !(containerOf(deployment).envFrom ?? []).some((each) => each.secretRef) &&
      !(deployment.spec.template.spec.volumes ?? []).some((each) => each.secret || each.projected),
    (draft) => {
      draft.spec.template.spec.containers[0].envFrom.push({
        secretRef: { name: 'whatsthecraic-secrets' },
      });
    },
  ),
  rule(
    'Deployment',
    'every mounted volume exists',
    (deployment) =>
      (containerOf(deployment).volumeMounts ?? []).every((mount) =>
        deployment.spec.template.spec.volumes?.some((volume) => volume.name === mount.name),
      ),
    (draft) => {
      draft.spec.template.spec.volumes = [];
    },
  ),
  rule(
    'Service',
    'selects exactly the pods of the Deployment of its name, and names their port',
    ({ metadata, spec }, all) => {
      const deployment = deploymentOf(spec.selector[nameLabel], all);
      if (!deployment || deployment.metadata.name !== metadata.name) return false;
      const ports = containerOf(deployment).ports ?? [];
      return spec.ports.every(({ port, targetPort }) =>
        ports.some(({ name, containerPort }) => name === targetPort && containerPort === port),
      );
    },
    (draft) => {
      draft.spec.ports[0].targetPort = 'htpt';
    },
  ),
  rule(
    'Service',
    'does not show the metrics',
    ({ spec }) => spec.ports.every(({ name, port }) => name !== 'metrics' && port !== 9464),
    (draft) => {
      draft.spec.ports.push({ name: 'metrics', port: 9464, targetPort: 'metrics' });
    },
  ),
  rule(
    'Deployment',
    'a Service of the same name',
    ({ metadata }, all) =>
      ofKind(all, 'Service').some((service) => service.metadata.name === metadata.name),
    (draft) => {
      draft.metadata.name = 'nobody';
    },
  ),
  rule(
    'Ingress',
    'every host ends at a port of a Service',
    ({ spec }, all) =>
      spec.rules.every(({ http }) =>
        http.paths.every(({ backend: { service } }) =>
          ofKind(all, 'Service').some(
            (each) =>
              each.metadata.name === service.name &&
              each.spec.ports.some((port) => port.port === service.port.number),
          ),
        ),
      ),
    (draft) => {
      draft.spec.rules[0].http.paths[0].backend.service.name = 'aggregator-service';
    },
  ),
  rule(
    'Ingress',
    'refers to no middleware',
    ({ metadata }) =>
      !Object.keys(metadata.annotations ?? {}).some((name) => name.includes('middleware')),
    (draft) => {
      draft.metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'] = 'redirect';
    },
  ),
  rule(
    'HorizontalPodAutoscaler',
    'scales a Deployment that exists',
    ({ spec }, all) =>
      spec.scaleTargetRef.kind === 'Deployment' &&
      ofKind(all, 'Deployment').some((each) => each.metadata.name === spec.scaleTargetRef.name),
    (draft) => {
      draft.spec.scaleTargetRef.name = 'aggregator-service';
    },
  ),
  rule(
    'PodDisruptionBudget',
    'selects the pods of a Deployment that exists',
    ({ spec }, all) => deploymentOf(spec.selector.matchLabels[nameLabel], all) !== undefined,
    (draft) => {
      draft.spec.selector.matchLabels[nameLabel] = 'nobody';
    },
  ),
];
