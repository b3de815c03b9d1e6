import { recordObjects } from '../../src/release/record.ts';
import type { Release } from '../../src/report/release.ts';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import { services } from '../../src/services.ts';
import { look } from '../../src/status/ask.ts';
import { judgeStatus } from '../../src/status/judge-status.ts';
import type { Status } from '../../src/status/status.ts';
import type { KubectlOutput, Probe } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { type FakeTarget, fakeTarget, healthBody } from '../fake-target.ts';
import { ingressText } from '../health/endpoint-texts.ts';
import { earlierImage, earlierRelease } from '../release/earlier.ts';
import { cluster, type PodShape, ready, rollout } from '../rollout/cluster.ts';

export const failed = (stderr: string): KubectlOutput => ({ exitCode: 1, stdout: '', stderr });
const rows = (...all: readonly (readonly unknown[])[]): KubectlOutput => ({
  exitCode: 0,
  stdout: all.map((cells) => `${cells.map(text).join('\x1f')}\x1e`).join(''),
  stderr: '',
});
const text = (cell: unknown) => (typeof cell === 'object' ? JSON.stringify(cell) : String(cell));

/** A ready pod that runs an image. */
export const running = (service: string, image = earlierImage(service)): PodShape => {
  const pod = ready();
  const [container] = pod.status.containerStatuses ?? [];
  const own = { ...container, name: service, imageID: image, restartCount: 0, ready: true };
  return { ...pod, status: { ...pod.status, containerStatuses: [own] } };
};

export interface Scene {
  readonly pods?: Readonly<Record<string, readonly PodShape[]>>;
  readonly health?: (probe: Probe) => string | Error;
  /** Changes of the release on record; `none` for no record at all. */
  readonly release?: Partial<Release> | 'none';
  readonly answer?: (args: readonly string[]) => KubectlOutput | undefined;
  readonly lease?: object;
}

const containers = [
  {
    resources: {
      requests: { cpu: '100m', memory: '96Mi' },
      limits: { cpu: '300m', memory: '256Mi' },
    },
  },
];
const conditions = [
  { type: 'Ready', status: 'True' },
  { type: 'MemoryPressure', status: 'False' },
];

const usage = (cores: number, mebibytes: number) => ({
  cpu: { usageNanoCores: cores * 1e9 },
  memory: { workingSetBytes: mebibytes * 2 ** 20 },
});

/** What a cluster says that holds the earlier release and is well, unless the scene tells otherwise. */
export async function statusOf(scene: Scene): Promise<{ status: Status; target: FakeTarget }> {
  const clock = fakeClock(new Date('2026-11-22T10:01:33Z'));
  const snapshot: Snapshot = cluster(
    ...services.map(({ name }) =>
      rollout(name, { newPods: scene.pods?.[name] ?? [running(name)], source: `src-${name}` }),
    ),
  );
  const summary = {
    node: usage(0.5, 1_024),
    pods: snapshot.pods.map(({ name }) => ({
      ...{ podRef: { name, namespace: 'whatsthecraic' } },
      ...usage(0.012, 83),
    })),
  };
  const metric = (current: object) => [{ type: 'Resource', resource: { name: 'cpu', ...current } }];
  const answers: Readonly<Record<string, () => KubectlOutput>> = {
    deployments: () => rows(...services.map(({ name }) => [name, containers])),
    horizontalpodautoscalers: () =>
      rows([
        ...['aggregator-hpa', 'aggregator', 1, 2],
        metric({ target: { averageUtilization: 70 } }),
        ...[1, 1, metric({ current: { averageUtilization: 12 } }), []],
      ]),
    nodes: () => rows(['node-1', conditions, { cpu: '2', memory: '2Gi' }]),
  };
  const target = fakeTarget(clock, {
    cluster: () => snapshot,
    health: scene.health ?? (({ service }) => healthBody(service, `src-${service}`)),
    ingresses: ingressText({ balancer: { ingress: [{ ip: '10.0.0.9' }] }, rules: ingressRules }),
    answer: (args) =>
      scene.answer?.(args) ??
      (args.at(-1)?.endsWith('/stats/summary')
        ? { exitCode: 0, stdout: JSON.stringify(summary), stderr: '' }
        : args[2] === '-o'
          ? answers[args[1] ?? '']?.()
          : undefined),
  });
  if (scene.lease) Object.assign(target.leases, { lease: scene.lease });
  if (scene.release !== 'none') {
    const record = earlierRelease();
    const objects = recordObjects(
      { ...record, release: { ...record.release, ...scene.release } },
      [],
    );
    for (const object of objects) target.configMaps.set(object.metadata.name, object);
  }
  const seen = await look(target, clock);
  const of = { overlay: 'production', target: target.description };
  return { status: judgeStatus(seen, of), target };
}

const ingressRules = [
  {
    host: 'api.whatsthecraic.run.place',
    http: { paths: [{ backend: { service: { name: 'aggregator' } } }] },
  },
];
