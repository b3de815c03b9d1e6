/**
 * The founding document's own manifests, from its words and figures: `:latest`, one ConfigMap of a
 * fixed name, replicas beside an autoscaler, and common labels, which enter the selectors.
 */
interface Service {
  readonly name: string;
  readonly port: number;
  readonly requests: readonly [cpu: string, memory: string];
  readonly limits: readonly [cpu: string, memory: string];
  /** Initial delay, period, timeout, failures. */
  readonly liveness: readonly [number, number, number, number];
  readonly readiness: readonly [number, number, number, number];
  readonly autoscaled?: readonly object[];
  readonly folders?: readonly string[];
}

const utilization = (name: string, averageUtilization: number) => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization } },
});

const services: readonly Service[] = [
  {
    name: 'auth-service',
    port: 3001,
    requests: ['50m', '64Mi'],
    limits: ['200m', '192Mi'],
    liveness: [15, 20, 5, 3],
    readiness: [10, 10, 5, 2],
  },
  {
    name: 'events-service',
    port: 4003,
    requests: ['100m', '128Mi'],
    limits: ['300m', '384Mi'],
    liveness: [20, 20, 5, 3],
    readiness: [15, 10, 5, 2],
    autoscaled: [utilization('cpu', 75)],
  },
  {
    name: 'dj-service',
    port: 4002,
    requests: ['50m', '64Mi'],
    limits: ['200m', '192Mi'],
    liveness: [15, 20, 5, 3],
    readiness: [10, 10, 5, 2],
  },
  {
    name: 'venue-service',
    port: 4001,
    requests: ['50m', '64Mi'],
    limits: ['200m', '192Mi'],
    liveness: [15, 20, 5, 3],
    readiness: [10, 10, 5, 2],
  },
  {
    name: 'aggregator',
    port: 4000,
    requests: ['100m', '96Mi'],
    limits: ['300m', '256Mi'],
    liveness: [20, 20, 5, 3],
    readiness: [15, 10, 5, 2],
    autoscaled: [utilization('cpu', 70), utilization('memory', 80)],
  },
  {
    name: 'ml-service',
    port: 4004,
    requests: ['100m', '128Mi'],
    limits: ['500m', '512Mi'],
    liveness: [30, 30, 10, 3],
    readiness: [20, 15, 5, 3],
    folders: ['models', 'data'],
  },
];

const account = 'whatsthecraic-sa';

export interface SeedOptions {
  /** The image of a service, without its tag. */
  readonly imageOf: (service: string) => string;
  /** What the ConfigMap holds besides the services' addresses. */
  readonly config?: Readonly<Record<string, string>>;
  /** Seconds taken off each initial delay, for those who have less time than production. */
  readonly sooner?: number;
  /** Whether it is without its ingress, for a cluster that has no Traefik. */
  readonly withoutIngress?: boolean;
  /** Where it goes; where its own manifests say, unless told. */
  readonly namespace?: string;
}

export const namespaceOf = ({ namespace = 'whatsthecraic' }: SeedOptions): string => namespace;

/** The files of the founding document's `k8s/`, by name; JSON is YAML. */
export function seedManifests(options: SeedOptions): ReadonlyMap<string, string> {
  const namespace = namespaceOf(options);
  const files = new Map<string, readonly object[]>([
    [
      'namespace.yaml',
      [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
        ...access(namespace),
      ],
    ],
    ['configmap.yaml', [configMap(options)]],
    ...services.map((it): [string, object[]] => [
      `${it.name}.yaml`,
      [deployment(it, options), service(it)],
    ]),
    ...(options.withoutIngress ? [] : [['ingress.yaml', [ingress]] as [string, object[]]]),
    ['hpa.yaml', services.flatMap((it) => (it.autoscaled ? [autoscaler(it)] : []))],
  ]);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace,
    resources: [...files.keys()],
    commonLabels: {
      'app.kubernetes.io/managed-by': 'kustomize',
      'app.kubernetes.io/part-of': 'whatsthecraic',
    },
  };
  const text = (objects: readonly object[]) =>
    objects.map((it) => JSON.stringify(it, undefined, 2)).join('\n---\n');
  return new Map([
    ...[...files].map(([name, objects]): [string, string] => [name, text(objects)]),
    ['kustomization.yaml', text([kustomization])],
  ]);
}

/** The namespace is put in by kustomize, or named by the caller. */
const meta = (name: string, labels?: object) => ({
  metadata: { name, ...(labels ? { labels } : {}) },
});

/** Made in the founding document's namespace.yaml, and needed by nothing. */
const access = (namespace: string) => [
  { apiVersion: 'v1', kind: 'ServiceAccount', ...meta(account) },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    ...meta('whatsthecraic-role'),
    rules: [
      {
        apiGroups: ['', 'apps'],
        resources: ['pods', 'services', 'configmaps', 'deployments'],
        verbs: ['get', 'list', 'watch'],
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    ...meta('whatsthecraic-rolebinding'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'whatsthecraic-role' },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  },
];

const configMap = ({ config = {} }: SeedOptions) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  ...meta('whatsthecraic-config'),
  data: {
    NODE_ENV: 'production',
    DB_NAME: 'gigsdb',
    ...Object.fromEntries(
      services.map(({ name, port }) => [
        `${name.replace('-', '_').toUpperCase()}_URL`,
        `http://${name}:${port}`,
      ]),
    ),
    ...config,
  },
});

const deployment = (it: Service, { imageOf, sooner = 0 }: SeedOptions) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...meta(it.name, { app: it.name }),
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: it.name } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels: { app: it.name } },
      spec: {
        serviceAccountName: account,
        containers: [
          {
            name: it.name,
            image: `${imageOf(it.name)}:latest`,
            imagePullPolicy: 'Always',
            ports: [{ containerPort: it.port }],
            envFrom: [
              { configMapRef: { name: 'whatsthecraic-config' } },
              { secretRef: { name: 'whatsthecraic-secrets' } },
            ],
            env: [{ name: 'PORT', value: String(it.port) }],
            resources: {
              requests: { cpu: it.requests[0], memory: it.requests[1] },
              limits: { cpu: it.limits[0], memory: it.limits[1] },
            },
            livenessProbe: probe(it.port, it.liveness, sooner),
            readinessProbe: probe(it.port, it.readiness, sooner),
            volumeMounts: (it.folders ?? []).map((name) => ({ name, mountPath: `/app/${name}` })),
          },
        ],
        volumes: (it.folders ?? []).map((name) => ({ name, emptyDir: {} })),
      },
    },
  },
});

const probe = (
  port: number,
  [delay, period, timeout, failures]: Service['liveness'],
  sooner: number,
) => ({
  httpGet: { path: '/health', port },
  initialDelaySeconds: Math.max(0, delay - sooner),
  periodSeconds: period,
  timeoutSeconds: timeout,
  failureThreshold: failures,
});

const service = ({ name, port }: Service) => ({
  apiVersion: 'v1',
  kind: 'Service',
  ...meta(name, { app: name }),
  spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port, targetPort: port }] },
});

const autoscaler = ({ name, autoscaled }: Service) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  ...meta(`${name}-hpa`),
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: 1,
    maxReplicas: 2,
    metrics: autoscaled,
    behavior: {
      scaleDown: { stabilizationWindowSeconds: 300 },
      scaleUp: { stabilizationWindowSeconds: 60 },
    },
  },
});

const rule = (host: string, name: string, port: number) => ({
  host,
  http: {
    paths: [
      { path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: port } } } },
    ],
  },
});

const site = 'whatsthecraic.run.place';

const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name: 'whatsthecraic-ingress',
    annotations: {
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
      'traefik.ingress.kubernetes.io/router.tls.certresolver': 'letsencrypt',
    },
  },
  spec: {
    rules: [
      rule(`api.${site}`, 'aggregator', 4000),
      rule(`auth.${site}`, 'auth-service', 3001),
      rule(site, 'aggregator', 4000),
      rule(`www.${site}`, 'aggregator', 4000),
    ],
  },
};
