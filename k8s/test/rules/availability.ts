import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { quantity } from '../../../ci/src/plan/quantity.ts';
import { containerOf, ofKind, type ProbeSpec } from '../helpers/objects.ts';
import { type Rule, rule } from './rule.ts';

/** Seconds that a service takes at most to end what it has begun (STOP_DEADLINE_MS of the platform). */
const stopSeconds = 25;

const autoscalerOf = (name: string, all: readonly KubernetesObject[]) =>
  ofKind(all, 'HorizontalPodAutoscaler').find(({ spec }) => spec.scaleTargetRef.name === name);

const budgetOf = (name: string, all: readonly KubernetesObject[]) =>
  ofKind(all, 'PodDisruptionBudget').find(
    ({ spec }) => spec.selector.matchLabels['app.kubernetes.io/name'] === name,
  );

const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

/** What keeps a service answering through rollouts, drains, load and faults. */
export const availability: readonly Rule[] = [
  rule(
    'Deployment',
    'a rollout never takes a pod before its successor is ready',
    ({ spec }) =>
      spec.strategy?.type === 'RollingUpdate' &&
      spec.strategy.rollingUpdate?.maxSurge === 1 &&
      spec.strategy.rollingUpdate.maxUnavailable === 0,
    (draft) => {
      draft.spec.strategy.rollingUpdate.maxUnavailable = 1;
    },
  ),
  rule(
    'Deployment',
    'replicas belong to the autoscaler where there is one, else to the manifest',
    ({ metadata, spec }, all) =>
      (spec.replicas === undefined) === (autoscalerOf(metadata.name, all) !== undefined),
    (draft) => {
      draft.spec.replicas = draft.spec.replicas === undefined ? 1 : undefined;
    },
  ),
  rule(
    'Deployment',
    'startup, liveness and readiness probes on the named port, without initial delays',
    (deployment) =>
      probes.every((name) => {
        const probe = containerOf(deployment)[name];
        return probe?.httpGet?.port === 'http' && probe.initialDelaySeconds === undefined;
      }),
    (draft) => {
      delete draft.spec.template.spec.containers[0].startupProbe;
    },
  ),
  rule(
    'Deployment',
    'liveness does not ask what readiness asks',
    (deployment) => {
      const { livenessProbe, readinessProbe } = containerOf(deployment);
      return livenessProbe?.httpGet?.path !== readinessProbe?.httpGet?.path;
    },
    (draft) => {
      draft.spec.template.spec.containers[0].livenessProbe.httpGet.path = '/health';
    },
  ),
  rule(
    'Deployment',
    'the progress deadline leaves the startup probe its whole time',
    (deployment) =>
      (deployment.spec.progressDeadlineSeconds ?? 0) >
      patience(containerOf(deployment).startupProbe),
    (draft) => {
      draft.spec.progressDeadlineSeconds = 60;
    },
  ),
  rule(
    'Deployment',
    'the grace period covers preStop and the longest stop',
    (deployment) => {
      const sleep = containerOf(deployment).lifecycle?.preStop?.sleep?.seconds ?? 0;
      const grace = deployment.spec.template.spec.terminationGracePeriodSeconds ?? 0;
      return sleep >= 5 && grace > sleep + stopSeconds;
    },
    (draft) => {
      draft.spec.template.spec.terminationGracePeriodSeconds = 30;
    },
  ),
  rule(
    'Deployment',
    'requests and limits for cpu, memory and ephemeral storage',
    (deployment) => {
      const { requests, limits } = containerOf(deployment).resources ?? {};
      return ['cpu', 'memory', 'ephemeral-storage'].every(
        (name) => quantity(requests?.[name]) <= quantity(limits?.[name]),
      );
    },
    (draft) => {
      delete draft.spec.template.spec.containers[0].resources.limits['ephemeral-storage'];
    },
  ),
  rule(
    'Deployment',
    'a disruption budget where there may be two replicas',
    ({ metadata }, all) =>
      autoscalerOf(metadata.name, all) === undefined || budgetOf(metadata.name, all) !== undefined,
    (_, all) => {
      for (const { spec } of all.filter(({ kind }) => kind === 'PodDisruptionBudget')) {
        spec.selector.matchLabels['app.kubernetes.io/name'] = 'nobody';
      }
    },
  ),
  rule(
    'PodDisruptionBudget',
    'lets a node be drained when there is one replica',
    ({ spec }) => spec.minAvailable === undefined && spec.maxUnavailable === 1,
    (draft) => {
      draft.spec.minAvailable = 1;
    },
  ),
  rule(
    'HorizontalPodAutoscaler',
    'two replicas at least',
    ({ spec }) => spec.minReplicas >= 2,
    (draft) => {
      draft.spec.minReplicas = 1;
    },
  ),
  rule(
    'Deployment',
    'spread over nodes',
    ({ spec }) => spec.template.spec.topologySpreadConstraints !== undefined,
    (draft) => {
      delete draft.spec.template.spec.topologySpreadConstraints;
    },
  ),
];

function patience(probe: ProbeSpec | undefined): number {
  return probe ? probe.periodSeconds * probe.failureThreshold : Number.POSITIVE_INFINITY;
}
