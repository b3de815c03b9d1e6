import { type DeployRequest, deploy } from '../src/deploy.ts';
import type { EnsuredImage } from '../src/images/ensure-images.ts';
import type { PinnedImages } from '../src/manifests/images.ts';
import type { KubernetesObject } from '../src/manifests/objects.ts';
import { parseManifests } from '../src/manifests/text.ts';
import type { Release } from '../src/report/release.ts';
import type { Snapshot } from '../src/rollout/kubernetes.ts';
import { imageNames, services } from '../src/services.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTarget, healthBody, type Script } from './fake-target.ts';
import { backOff, cluster, exited, type PodShape, ready, rollout } from './rollout/cluster.ts';

export const names = services.map((service) => service.name);
export const commit = '0123456789abcdef0123456789abcdef01234567';
export const image = (service: string): EnsuredImage => ({
  service,
  repository: `registry.example.com/whatsthecraic/${service}`,
  tag: `src-${service}`,
  digest: `sha256:${'a'.repeat(64)}`,
  built: service === 'dj-service',
  seconds: 1,
});

export const render = async (images: PinnedImages): Promise<readonly KubernetesObject[]> =>
  Object.entries(images).map(([name, pinned]) => ({
    apiVersion: name === 'database' ? 'batch/v1' : 'apps/v1',
    kind: name === 'database' ? 'Job' : 'Deployment',
    metadata: {
      name,
      namespace: 'whatsthecraic-staging',
      labels: { 'app.kubernetes.io/name': name },
    },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name,
              image: pinned,
              env: [
                {
                  name: 'DB_HOST',
                  valueFrom: { secretKeyRef: { name: 'whatsthecraic-secrets', key: 'DB_HOST' } },
                },
              ],
            },
          ],
        },
      },
    },
  }));

export interface Given extends Partial<Omit<Script, 'cluster'>> {
  /** The new pods of a service, by name, seconds after the apply; ready at once unless told. */
  readonly newPods?: Readonly<Record<string, (seconds: number) => PodShape>>;
  /** Whether there is nothing before the release. */
  readonly first?: boolean;
  /** Records of releases before it; what they applied is what ran. */
  readonly records?: readonly KubernetesObject[];
  /** Who has set how many pods the Deployments have that run before it. */
  readonly replicasOwners?: readonly string[];
  readonly request?: Partial<DeployRequest>;
  readonly outage?: (seconds: number) => boolean;
}

/** Deploys onto a cluster in memory, which changes when the manifests are applied. */
export async function run(given: Given) {
  const { target, clock, applied, request } = scene(given);
  const said: string[] = [];
  const result = deploy({ ...request, say: (line) => said.push(line) });
  return { result, applied, said, target, clock };
}

/** A cluster in memory, and what is to be deployed onto it. */
export function scene(given: Given) {
  const { newPods = {}, first = false, records = [], request = {}, outage, ...rest } = given;
  const { replicasOwners = [], ...script } = rest;
  const clock = fakeClock();
  const applied: string[] = [];
  let appliedAt: number | undefined;
  let sources: ReadonlyMap<string, string> = new Map();
  const before = () =>
    first
      ? cluster()
      : withOwners(
          cluster(...names.map((name) => rollout(name, { oldPods: [ready()], newPods: [] }))),
          replicasOwners,
        );
  const after = (seconds: number): Snapshot =>
    cluster(
      ...names.map((name) => {
        const source = sources.get(name) ?? '';
        if (source === earlierSource(name)) return rollout(name, { newPods: [ready()], source });
        const pod = newPods[name]?.(seconds) ?? ready();
        const isReady = pod.status.conditions?.some(
          (it) => it.type === 'Ready' && it.status === 'True',
        );
        const oldPods = isReady || first ? [] : [ready()];
        return rollout(name, { newPods: [pod], oldPods, source });
      }),
    );
  const target = fakeTarget(clock, {
    cluster: (seconds) => {
      if (outage?.(seconds)) throw new Error('connection refused');
      return appliedAt === undefined ? before() : after(seconds - appliedAt);
    },
    health: (probe) => healthBody(probe.service, sources.get(probe.service) ?? ''),
    secrets: ['whatsthecraic-secrets 42 DB_HOST'],
    services: names,
    ...script,
    apply: (manifests) => {
      const deployments = parseManifests(manifests).filter((it) => it.kind === 'Deployment');
      // A record by itself changes nothing that runs.
      if (deployments.length === 0) return { exitCode: 0, stdout: '', stderr: '' };
      const output = script.apply?.(manifests) ?? { exitCode: 0, stdout: '', stderr: '' };
      applied.push(manifests);
      if (output.exitCode !== 0) return output;
      appliedAt = clock.seconds();
      const now = deployments.map((it) => [it.metadata.name, sourceOf(it)] as const);
      sources = new Map([...sources, ...now]);
      return output;
    },
  });
  for (const record of records) target.configMaps.set(record.metadata.name, record);
  const deploying: DeployRequest = {
    overlay: 'production',
    revision: { commit, branch: 'main', dirty: false },
    target,
    ensureImages: async () => {
      clock.advance(30_000);
      return imageNames.map(image);
    },
    render,
    migrations: [],
    soakSeconds: 60,
    say: () => {},
    clock,
    ...request,
  };
  return { target, clock, applied, request: deploying, sources: () => sources };
}

const withOwners = (snapshot: Snapshot, replicasOwners: readonly string[]): Snapshot => ({
  ...snapshot,
  deployments: snapshot.deployments.map((it) => ({ ...it, replicasOwners })),
});

const sourceOf = ({ metadata }: KubernetesObject) =>
  metadata.annotations?.['whatsthecraic.run.place/source'] ?? '';

export const proven = (release: Release) =>
  release.services.filter((it) => it.proven).map((it) => it.service);
export const of = (release: Release, name: string) =>
  release.services.find((it) => it.service === name) ?? missing(name);
function missing(name: string): never {
  throw new Error(`no result for ${name}`);
}
export const others = (name: string) => names.filter((it) => it !== name);

/** A container that ends with exit code 1, and again. */
export const crash = (s: number): PodShape =>
  s < 1 ? exited({ code: 1 }) : backOff({ code: 1 }, 1);

export const earlierSource = (name: string) => `src-earlier-${name}`;
