import test from 'ava';
import { quantity } from '../../ci/src/plan/quantity.ts';
import { services } from '../../ci/src/services.ts';
import {
  containerOf,
  type Deployment,
  ofKind,
  type ProbeSpec,
  type ServiceContainer,
} from './helpers/objects.ts';
import { rendered } from './helpers/rendered.ts';

interface Budget {
  readonly initialDelay: number;
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
}

interface Figures {
  readonly port: number;
  readonly requests: string;
  readonly limits: string;
  readonly autoscaled: boolean;
  readonly liveness: Budget;
  readonly readiness: Budget;
}

const budget = (figures: string): Budget => {
  const [initialDelay = 0, period = 0, timeout = 0, failures = 0] = figures.split('/').map(Number);
  return { initialDelay, period, timeout, failures };
};

/** What each service has had from the beginning: initial delay, period, timeout, failures. */
const figures: Readonly<Record<string, Figures>> = {
  aggregator: {
    port: 4000,
    requests: '100m/96Mi',
    limits: '300m/256Mi',
    autoscaled: true,
    liveness: budget('20/20/5/3'),
    readiness: budget('15/10/5/2'),
  },
  'auth-service': {
    port: 3001,
    requests: '50m/64Mi',
    limits: '200m/192Mi',
    autoscaled: false,
    liveness: budget('15/20/5/3'),
    readiness: budget('10/10/5/2'),
  },
  'events-service': {
    port: 4003,
    requests: '100m/128Mi',
    limits: '300m/384Mi',
    autoscaled: true,
    liveness: budget('20/20/5/3'),
    readiness: budget('15/10/5/2'),
  },
  'dj-service': {
    port: 4002,
    requests: '50m/64Mi',
    limits: '200m/192Mi',
    autoscaled: false,
    liveness: budget('15/20/5/3'),
    readiness: budget('10/10/5/2'),
  },
  'venue-service': {
    port: 4001,
    requests: '50m/64Mi',
    limits: '200m/192Mi',
    autoscaled: false,
    liveness: budget('15/20/5/3'),
    readiness: budget('10/10/5/2'),
  },
  'ml-service': {
    port: 4004,
    requests: '100m/128Mi',
    limits: '500m/512Mi',
    autoscaled: false,
    liveness: budget('30/30/10/3'),
    readiness: budget('20/15/5/3'),
  },
};

const objects = await rendered('production');
const autoscalers = new Map(
  ofKind(objects, 'HorizontalPodAutoscaler').map((each) => [each.metadata.name, each.spec]),
);

test('manifests – the whole platform – are the six services and nothing more', (t) => {
  const expected = Object.keys(figures).toSorted();
  t.deepEqual(
    ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name),
    expected,
  );
  t.deepEqual(services.map(({ name }) => name).toSorted(), expected);
});

for (const [name, expected] of Object.entries(figures)) {
  test(`${name} – port – is the same for container, Service, configuration and pipeline`, (t) => {
    const service = ofKind(objects, 'Service').find(({ metadata }) => metadata.name === name);
    const config = ofKind(objects, 'ConfigMap').find((map) =>
      map.metadata.name.startsWith(`${name}-config-`),
    );
    t.deepEqual(container(name).ports, [
      { name: 'http', containerPort: expected.port },
      { name: 'metrics', containerPort: 9464 },
    ]);
    // No name, as the founding document's has none: a takeover that changed it would lose requests.
    t.deepEqual(service?.spec.ports, [{ port: expected.port, targetPort: 'http' }]);
    t.is(service?.spec.type, 'ClusterIP');
    t.is(config?.data.PORT, String(expected.port));
    t.is(services.find((each) => each.name === name)?.port, expected.port);
  });

  test(`${name} – requests and limits – are the given ones`, (t) => {
    const { requests, limits } = container(name).resources ?? {};
    t.is(`${requests?.cpu}/${requests?.memory}`, expected.requests);
    t.is(`${limits?.cpu}/${limits?.memory}`, expected.limits);
  });

  test(`${name} – liveness – restarts a pod that hangs no later and no sooner`, (t) => {
    const { period, timeout, failures } = expected.liveness;
    const probe = probeOf(name, 'livenessProbe');
    t.is(probe.httpGet?.path, '/livez');
    t.deepEqual(
      [probe.periodSeconds, probe.timeoutSeconds, probe.failureThreshold],
      [period, timeout, failures],
    );
  });

  test(`${name} – startup – has the time that initial delay and liveness gave it, asked each second`, (t) => {
    const { initialDelay, period, failures } = expected.liveness;
    const probe = probeOf(name, 'startupProbe');
    t.is(probe.httpGet?.path, '/livez');
    t.is(probe.periodSeconds, 1);
    t.is(probe.failureThreshold, initialDelay + period * failures);
  });

  test(`${name} – readiness – is told within the given budget, by refusal and by silence`, (t) => {
    const { period, timeout, failures } = expected.readiness;
    const probe = probeOf(name, 'readinessProbe');
    t.is(probe.httpGet?.path, '/health');
    t.true(probe.periodSeconds <= period);
    t.true(probe.timeoutSeconds <= timeout);
    t.true(untilRefused(probe) <= (failures - 1) * period);
    t.true(untilSilent(probe) <= (failures - 1) * period + timeout);
  });

  test(`${name} – replicas – are one, or one to two by its autoscaler`, (t) => {
    const autoscaler = autoscalers.get(`${name}-hpa`);
    t.is(deployment(name).spec.replicas, expected.autoscaled ? undefined : 1);
    t.deepEqual(
      autoscaler && [autoscaler.minReplicas, autoscaler.maxReplicas],
      expected.autoscaled ? [1, 2] : undefined,
    );
  });
}

test('aggregator-hpa – metrics – are cpu at 70 % and memory at 80 % of the limit', (t) => {
  const [cpu, memory, ...others] = autoscalers.get('aggregator-hpa')?.metrics ?? [];
  t.deepEqual(others, []);
  t.deepEqual(cpu?.resource, {
    name: 'cpu',
    target: { type: 'Utilization', averageUtilization: 70 },
  });
  const target = memory?.resource.target as { type: string; averageValue: string };
  const limit = quantity(container('aggregator').resources?.limits?.memory);
  t.is(target.type, 'AverageValue');
  t.is(Math.round((100 * quantity(target.averageValue)) / limit), 80);
});

test('events-service-hpa – metrics – are cpu at 75 %', (t) => {
  t.deepEqual(
    autoscalers.get('events-service-hpa')?.metrics.map(({ resource }) => resource),
    [{ name: 'cpu', target: { type: 'Utilization', averageUtilization: 75 } }],
  );
});

test('autoscalers – windows – are 60 s upwards and 300 s downwards', (t) => {
  for (const { behavior } of autoscalers.values()) {
    t.is(behavior.scaleUp.stabilizationWindowSeconds, 60);
    t.is(behavior.scaleDown.stabilizationWindowSeconds, 300);
  }
  t.is(autoscalers.size, 2);
});

test('ingress – the four hosts – end at their services, over TLS by Traefik', (t) => {
  const [ingress, ...others] = ofKind(objects, 'Ingress');
  t.deepEqual(others, []);
  const targets = ingress?.spec.rules.map(({ host, http }) => [
    host,
    http.paths.map(({ path, backend }) => `${path} ${backend.service.name}`),
  ]);
  t.deepEqual(targets, [
    ['api.whatsthecraic.run.place', ['/ aggregator']],
    ['auth.whatsthecraic.run.place', ['/ auth-service']],
    ['whatsthecraic.run.place', ['/ aggregator']],
    ['www.whatsthecraic.run.place', ['/ aggregator']],
  ]);
  t.is(ingress?.spec.ingressClassName, 'traefik');
  t.deepEqual(ingress?.metadata.annotations, {
    'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
    'traefik.ingress.kubernetes.io/router.tls': 'true',
    'traefik.ingress.kubernetes.io/router.tls.certresolver': 'letsencrypt',
  });
});

function deployment(name: string): Deployment {
  const found = ofKind(objects, 'Deployment').find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no Deployment ${name}`);
  return found;
}

function container(name: string): ServiceContainer {
  return containerOf(deployment(name));
}

function probeOf(
  name: string,
  kind: 'startupProbe' | 'livenessProbe' | 'readinessProbe',
): ProbeSpec {
  const probe = container(name)[kind];
  if (!probe) throw new Error(`${name} has no ${kind}`);
  return probe;
}

/** Seconds from a first refused probe to the verdict. */
function untilRefused({ periodSeconds, failureThreshold }: ProbeSpec): number {
  return (failureThreshold - 1) * periodSeconds;
}

/** Seconds from a first unanswered probe to the verdict; the next one waits for its timeout. */
function untilSilent({ periodSeconds, timeoutSeconds, failureThreshold }: ProbeSpec): number {
  return (failureThreshold - 1) * Math.max(periodSeconds, timeoutSeconds) + timeoutSeconds;
}
