/**
 * A program in kubectl's place, and in curl's on a node: `kustomize` is the real kubectl's, a cluster
 * is a folder that remembers what was applied. Arguments: the folder, the name called, its arguments.
 */
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findKubectl } from '../../../../test/helpers/kubectl.ts';
import { runProcess } from '../../../src/process.ts';
import type { KubectlCall } from '../../../src/target/target.ts';
import { fakeClock } from '../../fake-clock.ts';
import { fakeTarget, healthBody } from '../../fake-target.ts';
import { backOff, cluster, ready, rollout } from '../../rollout/cluster.ts';

interface Applied {
  readonly items: readonly {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
    readonly spec?: { readonly rules?: readonly IngressRule[] };
  }[];
}

interface IngressRule {
  readonly host: string;
  readonly http: {
    readonly paths: readonly {
      readonly backend: { readonly service: { readonly name: string } };
    }[];
  };
}

const [folder = '', program, ...args] = process.argv.slice(2);
const file = (name: string) => join(folder, name);
const recall = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');

const broken = recall('broken');
const applied = recall('applied') ? (JSON.parse(recall('applied')) as Applied).items : [];
const sources = new Map(
  applied
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => [
      metadata.name,
      metadata.annotations?.['whatsthecraic.run.place/source'] ?? '',
    ]),
);
/** The service behind each host, by the rules of what was applied. */
const hosts = new Map(
  applied
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ spec }) => spec?.rules ?? [])
    .map(({ host, http }) => [host, http.paths[0]?.backend.service.name ?? '']),
);

const target = fakeTarget(fakeClock(), {
  cluster: () =>
    cluster(
      ...[...sources].map(([service, source]) =>
        rollout(service, {
          source,
          newPods: [service === broken ? backOff({ code: 3 }, 6) : ready()],
        }),
      ),
    ),
  secrets: recall('secrets').split('\n'),
  log: () => 'cannot find the venue\n',
  apply(manifests) {
    // A record by itself changes nothing that runs.
    if (manifests.includes('"Deployment"')) writeFileSync(file('applied'), manifests);
    return { exitCode: 0, stdout: 'applied\n', stderr: '' };
  },
});

for (const object of JSON.parse(recall('config-maps') || '[]')) {
  target.configMaps.set(object.metadata.name, object);
}

const health = (service: string) => healthBody(service, sources.get(service) ?? '');

async function main(): Promise<number> {
  if (args[0] === 'kustomize') {
    const rendered = await runProcess([findKubectl(), ...args]);
    process.stdout.write(rendered.stdout);
    process.stderr.write(rendered.stderr);
    return rendered.exitCode;
  }
  const kubeconfig = valueAfter('--kubeconfig');
  const seen = kubeconfig && {
    content: readFileSync(kubeconfig, 'utf8'),
    mode: (statSync(kubeconfig).mode & 0o777).toString(8),
  };
  const namespaceAt = args.indexOf('--namespace');
  const call = namespaceAt < 0 ? args : args.slice(namespaceAt + 2);
  appendFileSync(file('calls'), `${JSON.stringify({ program, call, kubeconfig: seen })}\n`);
  process.stdout.write(await answer(call));
  return 0;
}

async function answer(call: readonly string[]): Promise<string> {
  if (program === 'curl') return health(serviceAt(call.at(-1) ?? ''));
  if (call[1] === 'lease' || call[2]?.includes('/leases')) return lease(call);
  if (call.includes('--raw'))
    return health(/http:(.+)-new-\d+:/.exec(call.at(-1) ?? '')?.[1] ?? '');
  if (call[0] === 'delete' && call[1] !== 'configmap') return '';
  if (call[0] === 'create') {
    writeFileSync(file('job'), readFileSync(0));
    return '';
  }
  if (call[0] === 'logs' && call[1]?.startsWith('job/')) {
    const { env } = JSON.parse(recall('job')).spec.template.spec.containers[0];
    const asked = JSON.parse(env[0].value) as { name: string }[];
    return `${JSON.stringify(asked.map(({ name }) => ({ body: health(name) })))}\n`;
  }
  if (isOfStatus(call)) return '';
  if (isOfPlan(call)) return plan(call);
  if (call[1] === 'pods') return 'true registry.example/aggregator@sha256:0\n';
  const input = call[0] === 'apply' ? readFileSync(0, 'utf8') : undefined;
  const asked: KubectlCall = { args: call, ...(input === undefined ? {} : { input }) };
  const [output] = await target.kubectl([asked]);
  // Calls run side by side: one that only reads must not write what it has read.
  if (call[0] === 'apply' || call[0] === 'delete') {
    writeFileSync(file('config-maps'), JSON.stringify([...target.configMaps.values()]));
  }
  return output?.stdout ?? '';
}

/** The Lease lies in a file; only one call at a time writes it, since only one holds it. */
function lease(args: readonly string[]): string {
  target.leases.lease = recall('lease') ? JSON.parse(recall('lease')) : undefined;
  const input = args.includes('--filename=-') ? readFileSync(0, 'utf8') : '';
  const output = target.leases.answer({ args, input });
  if (target.leases.lease) writeFileSync(file('lease'), JSON.stringify(target.leases.lease));
  process.stderr.write(output?.stderr ?? '');
  process.exitCode = output?.exitCode ?? 1;
  return output?.stdout ?? '';
}

/** What a status asks besides what a deploy does: there is none of it. */
const isOfStatus = (call: readonly string[]): boolean =>
  ['deployments', 'horizontalpodautoscalers'].includes(call[1] ?? '') ||
  (call[1] === 'nodes' && call.at(-1)?.includes('.spec.taints') !== true);

/** What a plan asks is answered for a cluster on which nothing is deployed. */
const isOfPlan = (call: readonly string[]): boolean =>
  call.includes('--dry-run=server') ||
  (call[0] === 'get' && call[1] === '--filename=-') ||
  call.includes('--all-namespaces') ||
  ['nodes', 'deployments.apps'].some((kind) => call[1]?.split(',')[0] === kind);

async function plan(call: readonly string[]): Promise<string> {
  const input = call.includes('--filename=-') ? readFileSync(0, 'utf8') : '';
  // Loaded here alone: each of the many other calls is a process of its own.
  const { scripted } = await import('../../plan/scripted.ts');
  const [output] = await scripted().kubectl([{ args: call, input }]);
  return output?.stdout ?? '';
}

const valueAfter = (flag: string) =>
  args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;

/** Services have addresses by their order; all else is a host of the ingress. */
const serviceAt = (url: string): string =>
  [...sources.keys()][Number(/10\.0\.0\.(\d+)/.exec(url)?.[1]) - 1] ??
  hosts.get(new URL(url).hostname) ??
  '';

const exitCode = await main();
process.exitCode ||= exitCode;
