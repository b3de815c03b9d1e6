import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Cluster } from '../../../local/kubernetes/index.ts';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { parseManifests } from '../../src/manifests/text.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { changesNothing, readTrial, trialCalls } from '../../src/release/trial.ts';
import { handOver, keepCall } from '../../src/replicas/hand-over.ts';
import { planText } from '../../src/report/plan-text.ts';
import { takeSnapshot } from '../../src/rollout/snapshot.ts';
import { saidBy } from '../../src/target/printed.ts';
import { apply, type Bench, edit, openBench, plan, toApply } from './on-real-cluster.ts';

const secretKeys = ['DB_HOST', 'DB_USER', 'DB_PASSWORD', 'JWT_SECRET'];

const rollouts = ({ services }: Plan) => [
  ...new Set(services.map((it) => [it.rollout, ...it.reasons].join(' '))),
];
const rolling = ({ services }: Plan) =>
  services.filter((it) => it.rollout === 'rolls').map((it) => `${it.service} ${it.reasons}`);
const codes = ({ obstacles }: Plan) => obstacles.map(({ code }) => code).toSorted();
const states = ({ objects }: Plan) => [...new Set(objects.map(({ what }) => what))].toSorted();

/** Walks a cluster from empty to well used and looks at the plan at each step. */
export async function planAll(t: ExecutionContext, cluster: Cluster): Promise<void> {
  const bench = await openBench(t, cluster);
  const look = () => plan(t, bench, cluster);
  try {
    await empty(t, bench, look);
    t.is((await apply(bench, cluster)).exitCode, 0);
    await unchanged(t, look);
    await tryAll(t, bench, cluster);
    await changed(t, bench, cluster, look);
    await changedByHand(t, bench, cluster, look);
    await givenUp(t, bench, cluster, look);
    await pausedAndTerminating(t, bench, cluster, look);
  } finally {
    await bench.kubectl(['delete', 'namespace', 'whatsthecraic', '--timeout=60s']);
  }
}

type Look = () => Promise<Plan>;

async function empty(t: ExecutionContext, bench: Bench, look: Look): Promise<void> {
  bench.images.set('ml-service', { ...unbuilt(bench, 'ml-service') });
  const bare = await look();
  t.deepEqual([bare.outcome, bare.namespace], ['blocked', 'to create']);
  t.deepEqual(codes(bare), ['SECRET_KEYS_MISSING'], planText(bare));
  t.deepEqual([states(bare), rollouts(bare)], [['create'], ['new']]);
  t.is(await bench.kubectl(['get', 'namespace', 'whatsthecraic', '--ignore-not-found']), '');
  t.is(
    await bench.kubectl([
      'get',
      'all,configmaps',
      '-n',
      'kube-node-lease',
      '-l',
      label,
      '-o',
      'name',
    ]),
    '',
  );

  await bench.kubectl(['create', 'namespace', 'whatsthecraic']);
  const literals = secretKeys.map((key) => `--from-literal=${key}=of-a-test`);
  await bench.kubectl(['create', 'secret', 'generic', 'whatsthecraic-secrets', ...literals]);
  const ready = await look();
  t.log(`\n${planText(ready)}`);
  t.deepEqual([ready.outcome, ready.namespace, ready.obstacles], ['changes', 'there', []]);
  t.deepEqual([states(ready), rollouts(ready)], [['change', 'create'], ['new']]);
  t.deepEqual(
    ready.services.filter((it) => it.image === 'to build').map((it) => it.service),
    ['ml-service'],
  );
  bench.images.set('ml-service', {
    ...unbuilt(bench, 'ml-service'),
    digest: `sha256:${'b'.repeat(64)}`,
  });
}

const part = 'app.kubernetes.io/part-of';
const label = `${part}=whatsthecraic`;

function unbuilt(bench: Bench, service: string) {
  const found = bench.images.get(service);
  if (!found) throw new Error(`no image of ${service}`);
  const { digest: _, ...rest } = found;
  return rest;
}

async function unchanged(t: ExecutionContext, look: Look): Promise<void> {
  const plan = await look();
  t.deepEqual(
    [plan.outcome, states(plan), rollouts(plan)],
    ['nothing to do', ['unchanged'], ['stays']],
    planText(plan),
  );
  t.deepEqual([plan.handMade, plan.leftOver, plan.warnings], [[], [], []]);
}

/** Whether an apply would change anything, in the server's own books: asked by both ways. */
async function tryAll(t: ExecutionContext, bench: Bench, cluster: Cluster): Promise<void> {
  const objects = await toApply(bench, cluster);
  const requireTrial = async (changes: boolean, some: readonly KubernetesObject[] = objects) => {
    for (const target of [bench.direct, bench.overSsm]) {
      const outputs = await target.kubectl(
        trialCalls(some, { release: 'of-a-test', adopt: false }),
      );
      const tried = readTrial(outputs);
      t.is(tried && !changesNothing(some, tried), changes, outputs.map(saidBy).join());
    }
  };
  const untilLongAgo = () => sleep(6_500);
  await untilLongAgo();
  await requireTrial(false);
  for (const kind of ['ConfigMap', 'Deployment', 'CronJob', 'NetworkPolicy']) {
    const at = objects.findIndex((it) => it.kind === kind);
    const object = objects[at] as KubernetesObject;
    const labels = { ...object.metadata.labels, 'of-a-test': 'true' };
    await requireTrial(
      true,
      objects.with(at, { ...object, metadata: { ...object.metadata, labels } }),
    );
  }
  await bench.kubectl(['label', 'service', 'aggregator', '-n', 'whatsthecraic', `${part}-`]);
  await requireTrial(true);
  t.is((await apply(bench, cluster)).exitCode, 0);
  await untilLongAgo();
  await requireTrial(false);
  const left = await bench.kubectl(['get', 'configmaps', '-n', 'whatsthecraic', '-o', 'name']);
  t.false(left.includes('trial-'), left);
}

async function changed(
  t: ExecutionContext,
  bench: Bench,
  cluster: Cluster,
  look: Look,
): Promise<void> {
  const venue = bench.images.get('venue-service');
  bench.images.set('venue-service', unbuilt(bench, 'venue-service'));
  await edit(bench, 'base/dj-service/config.env', 'PORT=4002', 'PORT=4002\nDEBUG=1');
  await edit(bench, 'base/auth-service/deployment.yaml', 'memory: 192Mi', 'memory: 200Mi');
  await edit(
    bench,
    'base/ml-service/service.yaml',
    /^spec:$/m,
    'spec:\n  sessionAffinity: ClientIP',
  );
  const plan = await look();
  t.log(`\n${planText(plan)}`);
  t.is(plan.outcome, 'changes');
  const limit = 'spec.containers[auth-service].resources.limits.memory';
  t.deepEqual(rolling(plan), [`auth-service ${limit}`, 'dj-service config', 'venue-service image']);
  const changedOnes = plan.objects.filter(({ what }) => what !== 'unchanged');
  t.deepEqual(
    changedOnes.map(({ what, object }) => `${what} ${object.replace(/-\w{10}$/, '')}`),
    [
      'create ConfigMap dj-service-config',
      'change Service ml-service',
      'change Deployment auth-service',
      'change Deployment dj-service',
      'change Deployment venue-service',
    ],
  );
  const fields = (object: string) => plan.objects.find((it) => it.object === object)?.changes;
  t.deepEqual(fields('Deployment auth-service'), [
    { path: `spec.template.${limit}`, what: 'changed', before: '192Mi', after: '200Mi' },
  ]);
  t.true(fields('Service ml-service')?.some(({ after }) => after === 'ClientIP'));
  // Pods read the old one still.
  t.deepEqual(plan.leftOver, []);

  await bench.kubectl([
    'patch',
    'secret',
    'whatsthecraic-secrets',
    '-p',
    '{"stringData":{"A":"b"}}',
  ]);
  const secret = 'Secret whatsthecraic-secrets';
  t.deepEqual(rollouts(await look()), [
    'stays',
    `rolls ${secret} ${limit}`,
    `rolls ${secret}`,
    `rolls ${secret} config`,
    `rolls ${secret} image`,
  ]);

  if (venue) bench.images.set('venue-service', venue);
  t.is((await apply(bench, cluster)).exitCode, 0);
  await bench.kubectl(['create', 'configmap', 'once-ours']);
  await bench.kubectl(['label', 'configmap', 'once-ours', label]);
  const after = await look();
  t.deepEqual(
    [after.outcome, after.leftOver.slice(-1)],
    ['nothing to do', ['ConfigMap once-ours']],
  );
}

/** Does by hand what people do, and lets the real apply say who is right. */
async function changedByHand(
  t: ExecutionContext,
  bench: Bench,
  cluster: Cluster,
  look: Look,
): Promise<void> {
  const editor = 'sed -i s/200Mi/333Mi/';
  const edited = await bench.tryKubectl(['edit', 'deployment', 'auth-service'], {
    KUBE_EDITOR: editor,
  });
  t.is(edited.exitCode, 0, edited.stderr);
  await bench.kubectl(['scale', 'deployment/dj-service', '--replicas=3']);
  await bench.kubectl(['set', 'env', 'deployment/ml-service', 'TOKEN=hush-hush']);
  const port = '[{"op":"replace","path":"/spec/ports/0/port","value":4999}]';
  await bench.kubectl(['patch', 'service/venue-service', '--type=json', '-p', port]);

  const plan = await look();
  const text = planText(plan);
  t.log(`\n${text}`);
  t.is(plan.outcome, 'blocked');
  t.deepEqual(codes(plan), ['APPLY_FAILED', 'FIELDS_TAKEN', 'FIELDS_TAKEN']);
  t.deepEqual(
    plan.handMade
      .map((it) => `${it.object} ${it.path} ${it.manager} ${it.live} ${it.wanted} ${it.fate}`)
      .toSorted(),
    [
      'Deployment auth-service spec.template.spec.containers[auth-service].resources.limits.memory kubectl-edit 333Mi 200Mi refused',
      'Deployment dj-service spec.replicas kubectl 3 1 refused',
      'Deployment ml-service spec.template.spec.containers[ml-service].env[TOKEN] kubectl-set undefined undefined kept',
      'Service venue-service spec.ports[4999] kubectl-patch undefined undefined kept',
    ],
  );
  t.false(JSON.stringify(plan).includes('hush-hush'));
  // A Service of two ports has to name both, and ours has no name.
  t.regex(
    text,
    /Service venue-service would be refused: .*spec\.ports\[\d\]\.name: Required value/s,
  );

  const refused = await apply(bench, cluster, ['--dry-run=server']);
  t.is(refused.exitCode, 1, 'a deploy is refused as the plan says');
  t.is(plan.objects.filter(({ what }) => what === 'refused').length, 3);

  // Taken by force once, all is ours again but what the manifests do not hold.
  await bench.kubectl(['delete', 'service', 'venue-service']);
  t.is((await apply(bench, cluster, ['--force-conflicts'])).exitCode, 0);
  await bench.kubectl(['set', 'env', 'deployment/ml-service', 'TOKEN-']);
  t.is((await look()).outcome, 'nothing to do');
}

/** E2d: the only owner of a number that leaves it out sets it back to 1, unless it is handed over. */
async function givenUp(
  t: ExecutionContext,
  bench: Bench,
  cluster: Cluster,
  look: Look,
): Promise<void> {
  const file = 'base/venue-service/deployment.yaml';
  const replicas = () =>
    bench.kubectl(['get', 'deployment', 'venue-service', '-o', 'jsonpath={.spec.replicas}']);
  /** What a deploy does before its apply. */
  const keep = async () => {
    const [deployment] = parseManifests(await readFile(join(bench.folder, file), 'utf8'));
    const { deployments } = await takeSnapshot(bench.overSsm);
    const { keep: kept } = handOver(deployment ? [deployment] : [], deployments);
    if (kept.length === 0) return '';
    const [output] = await bench.direct.kubectl([keepCall(kept)]);
    return output?.stderr;
  };

  await edit(bench, file, 'replicas: 1', 'replicas: 2');
  t.is((await apply(bench, cluster)).exitCode, 0);
  await edit(bench, file, /^ {2}replicas: 2\n/m, '');
  const plan = await look();
  t.deepEqual([plan.outcome, states(plan)], ['nothing to do', ['unchanged']], planText(plan));
  t.regex(planText(plan), /venue-service: spec\.replicas = 2, by whatsthecraic: .* number stays/);
  t.is(await keep(), '');
  t.is((await apply(bench, cluster)).exitCode, 0);
  t.is(await replicas(), '2');

  await edit(bench, file, /^spec:$/m, 'spec:\n  replicas: 3');
  const back = await look();
  t.deepEqual([back.outcome, back.obstacles, back.handMade], ['changes', [], []], planText(back));
  t.is(await keep(), '');
  t.is((await apply(bench, cluster)).exitCode, 0);
  t.is(await replicas(), '3');
}

async function pausedAndTerminating(
  t: ExecutionContext,
  bench: Bench,
  cluster: Cluster,
  look: Look,
): Promise<void> {
  await bench.kubectl(['rollout', 'pause', 'deployment/aggregator']);
  const hold = (finalizers: readonly string[]) => [
    ...['patch', 'service', 'dj-service', '--type=merge'],
    ...['-p', JSON.stringify({ metadata: { finalizers } })],
  ];
  await bench.kubectl(hold(['example.ie/hold']));
  await bench.kubectl(['delete', 'service', 'dj-service', '--wait=false']);
  await edit(bench, 'base/ml-service/deployment.yaml', /memory: \d+Mi/g, 'memory: 900Gi');
  const plan = await look();
  t.log(`\n${planText(plan)}`);
  t.deepEqual(codes(plan), ['NO_ROOM', 'PAUSED', 'TERMINATING']);
  t.regex(planText(plan), /Deployment aggregator is paused by kubectl-rollout since 20/);

  // E13: the apply is taken and the Service vanishes.
  t.is((await apply(bench, cluster)).exitCode, 0);
  await bench.kubectl(hold([]));
  t.is(await bench.kubectl(['get', 'service', 'dj-service', '--ignore-not-found']), '');
}
