import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Cluster } from '../../../local/kubernetes/index.ts';
import type { FoundImage } from '../../src/images/find-images.ts';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { applyCall } from '../../src/manifests/payload.ts';
import { withReleaseNotes } from '../../src/manifests/release-notes.ts';
import { renderManifests, renderNodeManifests } from '../../src/manifests/render.ts';
import { unlistedManifests } from '../../src/manifests/unlisted-manifests.ts';
import { withoutMigrationJob } from '../../src/migrate/migration-job.ts';
import { namespace } from '../../src/namespace.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { secretVersions } from '../../src/preflight.ts';
import { type ProcessResult, runProcess } from '../../src/process.ts';
import { imageNames } from '../../src/services.ts';
import { openTarget } from '../../src/target/open-target.ts';
import type { Target } from '../../src/target/target.ts';
import { node, region, testAws } from '../aws/helpers/test-aws.ts';

const manifests = join(import.meta.dirname, '..', '..', '..', 'k8s');
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** An image of every service; no registry has them, and no plan minds. */
const image = (service: string): FoundImage => ({
  service,
  repository: `127.0.0.1:1/whatsthecraic/${service}`,
  tag: `src-${service}`,
  digest: digest('a'),
  inputs: [`services/${service}`],
});

export interface Bench {
  /** The test's own copy of k8s/. */
  readonly folder: string;
  readonly images: Map<string, FoundImage>;
  readonly direct: Target;
  readonly overSsm: Target;
  /** Commands sent over SSM since the start. */
  readonly commands: () => number;
  overlay: string;
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** The same without an error for a failure; `env` is added to the program's. */
  tryKubectl(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<ProcessResult>;
}

/** Everything that a plan takes, on a real Kubernetes and nothing else real. */
export async function openBench(t: ExecutionContext, cluster: Cluster): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'k8s-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await cp(manifests, folder, { recursive: true, filter: (path) => !path.includes('/test') });
  const env = {
    PATH: [dirname(cluster.kubectl), process.env.PATH].join(':'),
    KUBECONFIG: cluster.kubeconfig,
  };
  const aws = await testAws(t, { nodes: [{ ...node, env }] });
  const access = { region, endpoint: aws.endpoint, ...aws.credentials };
  const tryKubectl = (args: readonly string[], more = {}, input = '') =>
    runProcess(
      [cluster.kubectl, '--kubeconfig', cluster.kubeconfig, '--namespace', namespace, ...args],
      { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...more }, input },
    );
  return {
    folder,
    images: new Map(imageNames.map((name) => [name, image(name)])),
    direct: await openTarget({ overlay: 'local', ...cluster }),
    overSsm: await openTarget({ overlay: 'local', instanceId: node.id, aws: access }),
    commands: () => aws.calls.filter(({ action }) => action.endsWith('SendCommand')).length,
    overlay: 'local',
    tryKubectl,
    async kubectl(args, input) {
      const result = await tryKubectl(args, {}, input);
      if (result.exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${result.stderr}`);
      return result.stdout;
    },
  };
}

const revision = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  branch: 'main',
  dirty: false,
};

const render = (bench: Bench, kubectl: string, images: Readonly<Record<string, string>>) =>
  renderManifests({ folder: bench.folder, overlay: bench.overlay, kubectl, images });

/** Without what tells the way, and what pods took of the node in between. */
const comparable = (plan: Plan): unknown =>
  JSON.parse(
    JSON.stringify({ ...plan, target: '', fingerprint: '' }).replaceAll(
      /has \d+m CPU and \d+Mi left/g,
      'has left',
    ),
  );

/** A plan by both ways, which must agree in all but the target, which the fingerprint names too. */
export async function plan(
  t: ExecutionContext,
  bench: Bench,
  cluster: Cluster,
  { adopt = false }: { readonly adopt?: boolean } = {},
): Promise<Plan> {
  const by = (target: Target): Promise<Plan> =>
    makePlan({
      overlay: bench.overlay,
      adopt,
      readRevision: async () => revision,
      openTarget: async () => target,
      readMigrations: async () => [],
      findImages: async () => [...bench.images.values()],
      render: (images) => render(bench, cluster.kubectl, images),
      findUnlisted: () => unlistedManifests(bench.folder),
      renderNode: () => renderNodeManifests({ folder: bench.folder, kubectl: cluster.kubectl }),
    });
  const started = performance.now();
  const direct = await by(bench.direct);
  const between = performance.now();
  const before = bench.commands();
  const overSsm = await by(bench.overSsm);
  const ms = [between - started, performance.now() - between].map(Math.round);
  t.log(`kubeconfig ${ms[0]} ms, SSM ${ms[1]} ms in ${bench.commands() - before} commands`);
  t.deepEqual(comparable(overSsm), comparable(direct));
  t.not(overSsm.fingerprint, direct.fingerprint);
  return overSsm;
}

/** What a deploy would apply. */
export async function toApply(
  bench: Bench,
  cluster: Cluster,
): Promise<readonly KubernetesObject[]> {
  const pinned = [...bench.images.values()].map((it) => [
    it.service,
    `${it.repository}@${it.digest}`,
  ]);
  const rendered = await render(bench, cluster.kubectl, Object.fromEntries(pinned));
  const objects = withReleaseNotes(withoutMigrationJob(rendered).objects, {
    release: 'of-a-test',
    commit: revision.commit,
    sources: new Map([...bench.images.values()].map((it) => [it.service, it.tag])),
  });
  return secretVersions(bench.direct, objects);
}

/** Applies it. */
export async function apply(
  bench: Bench,
  cluster: Cluster,
  options: readonly string[] = [],
): Promise<ProcessResult> {
  const call = applyCall(await toApply(bench, cluster));
  const [applied] = await bench.direct.kubectl([{ ...call, args: [...call.args, ...options] }]);
  return applied as ProcessResult;
}

/** Changes a file of the copied k8s/. */
export async function edit(bench: Bench, path: string, from: RegExp | string, to: string) {
  const file = join(bench.folder, path);
  const before = await readFile(file, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path} does not hold ${from}`);
  await writeFile(file, after);
}
