import type { KubernetesObject } from '../src/manifests/objects.ts';
import { parseManifests } from '../src/manifests/text.ts';
import { type Schema, schemaOf } from '../src/migrate/migrations.ts';
import type { PodStatus, Snapshot } from '../src/rollout/kubernetes.ts';
import type {
  KubectlCall,
  KubectlOutput,
  Probe,
  ProbeAnswer,
  Target,
} from '../src/target/target.ts';
import type { FakeClock } from './fake-clock.ts';
import { serviceText } from './health/endpoint-texts.ts';
import { guardedBy, LeaseApi } from './release/lease-api.ts';

export interface Script {
  /** What the cluster looks like at this second; throw for one that does not answer. */
  readonly cluster: (seconds: number) => Snapshot;
  /** The body of a service's `/health`, or an error. */
  readonly health?: (probe: Probe, seconds: number) => string | Error;
  /** Log of a container; `previous` is that of the one before. */
  readonly log?: (pod: string, previous: boolean, container: string) => string;
  /** Lines of `name version key…`, as the Secrets' key names are listed. */
  readonly secrets?: readonly string[];
  readonly apply?: (manifests: string) => KubectlOutput;
  /**
   * What the database of the services that run has been given; that of no migrations unless told, null
   * where none of them serves.
   */
  readonly schema?: Schema | null;
  /** What the server says to a dry run; nothing is in the way of anybody unless told. */
  readonly dryRun?: (args: readonly string[], input: string | undefined) => KubectlOutput;
  /** What became of a Job that was applied; it is complete at once unless told. */
  readonly job?: (name: string, seconds: number) => JobReport;
  /** Names that have a Service; all that are asked for unless told. */
  readonly services?: readonly string[];
  /** Answers in place of all that follows, if it does. */
  readonly answer?: (args: readonly string[]) => KubectlOutput | undefined;
  /** What jsonpath prints of a failing pod's containers, and of the nodes, which may be forbidden. */
  readonly pod?: string;
  readonly nodes?: string;
  /** What jsonpath prints of the Ingresses; see `ingressText`. */
  readonly ingresses?: string;
}

/** A Job as kubectl tells of it. */
export interface JobReport {
  readonly ended?: 'Complete' | 'Failed';
  readonly reason?: string;
  readonly pods?: readonly { readonly name: string; readonly status: PodStatus }[];
  readonly refusal?: string;
  readonly log?: string;
}

export interface FakeTarget extends Target {
  readonly calls: readonly (readonly string[])[];
  /** What was asked of it, one after the other. */
  readonly trips: readonly ('kubectl' | 'guarded' | 'probe')[];
  /** Seconds at which probes were asked. */
  readonly probedAt: readonly number[];
  /** What was applied of them, by name. */
  readonly configMaps: Map<string, KubernetesObject>;
  readonly leases: LeaseApi;
}

const dataOf = (object: KubernetesObject) => object.data as Readonly<Record<string, string>>;

const done = (stdout: string): KubectlOutput => ({ exitCode: 0, stdout, stderr: '' });
const failed = (stderr: string): KubectlOutput => ({ exitCode: 1, stdout: '', stderr });

/** A cluster in memory that answers kubectl's calls in kubectl's own format. */
export function fakeTarget(clock: FakeClock, script: Script): FakeTarget {
  const calls: (readonly string[])[] = [];
  const trips: FakeTarget['trips'][number][] = [];
  const probedAt: number[] = [];
  const configMaps = new Map<string, KubernetesObject>();
  const leases = new LeaseApi();
  const answer = (call: KubectlCall): KubectlOutput => {
    calls.push(call.args);
    const [verb, what = ''] = call.args;
    const lease = leases.answer(call);
    if (lease) {
      try {
        script.cluster(clock.seconds());
      } catch (error) {
        return failed(String(error));
      }
      return lease;
    }
    const own = script.answer?.(call.args);
    if (own) return own;
    // Nothing is paused or on its way out.
    if (verb === 'get' && what === '--filename=-') return done('');
    if (verb === 'logs' && what.startsWith('job/')) {
      return done(script.job?.(what.slice('job/'.length), clock.seconds()).log ?? '');
    }
    if (verb === 'logs') {
      const container = call.args[call.args.indexOf('--container') + 1] ?? '';
      const log = script.log?.(what, call.args.includes('--previous'), container);
      return log === undefined ? failed('container not found') : done(log);
    }
    if (call.args.includes('--dry-run=server')) {
      return script.dryRun?.(call.args, call.input) ?? done('');
    }
    if (verb === 'apply') {
      const input = call.input ?? '';
      for (const object of parseManifests(input)) {
        if (object.kind === 'ConfigMap') configMaps.set(object.metadata.name, object);
      }
      return script.apply?.(input) ?? done('applied\n');
    }
    if (verb === 'delete') {
      for (const name of call.args) configMaps.delete(name);
      return done('');
    }
    if (what === '--raw') {
      if (script.schema === null) {
        return {
          exitCode: 1,
          stdout: '',
          stderr: 'Error from server (NotFound): services "auth-service" not found',
        };
      }
      const database = { status: 'ok', schema: script.schema ?? schemaOf([]) };
      return done(JSON.stringify({ dependencies: { database } }));
    }
    const job = jobIn(call.args);
    if (job !== undefined) {
      const report = script.job?.(job, clock.seconds()) ?? { ended: 'Complete' };
      return done(printJob(report));
    }
    const refused = refusedIn(call.args);
    if (refused !== undefined) {
      const { refusal } = script.job?.(refused, clock.seconds()) ?? {};
      return done(refusal === undefined ? '' : print([[refusal]]));
    }
    if (what === 'jobs') return done('');
    if (what === 'configmaps') {
      const texts = [...configMaps.values()].map((it) => dataOf(it)['release.json']);
      return done(texts.map((text) => `${text ?? ''}\x1e`).join(''));
    }
    if (what === 'configmap') {
      const found = call.args.slice(2).flatMap((name) => configMaps.get(name) ?? []);
      return done(found.map((it) => `${dataOf(it)['manifests.json'] ?? ''}\x1e`).join(''));
    }
    if (what === 'secrets') return done(`${script.secrets?.join('\n') ?? ''}\n`);
    if (what === 'services,ingresses') return done(printEndpoints(script));
    if (what === 'pod') return done(script.pod ?? '');
    if (what === 'nodes' || what === 'nodes,pods')
      return script.nodes === undefined ? failed('forbidden') : done(`${script.nodes}\x1d`);
    try {
      const snapshot = script.cluster(clock.seconds());
      if (what === 'events') return done(printWarnings(snapshot));
      const platform = printObjects(snapshot);
      const asksWhere = what.endsWith(',services,ingresses');
      return done(asksWhere ? `${platform}\x1d${printEndpoints(script)}` : platform);
    } catch (error) {
      return failed(String(error));
    }
  };
  const runGuarded = guardedBy(answer);
  const guarded: Target['guarded'] = async (asked) => {
    trips.push('guarded');
    return runGuarded(asked);
  };
  return {
    description: 'i-077f139e329506bf5 over SSM',
    namespace: 'whatsthecraic',
    calls,
    trips,
    probedAt,
    configMaps,
    leases,
    async kubectl(asked) {
      trips.push('kubectl');
      return asked.map(answer);
    },
    guarded,
    async probe(probes) {
      trips.push('probe');
      probedAt.push(clock.seconds());
      return probes.map((probe): ProbeAnswer => {
        const said = script.health?.(probe, clock.seconds()) ?? '';
        return typeof said === 'string'
          ? { probe, body: said }
          : { probe, body: '', error: said.message };
      });
    },
  };
}

/** The Job that a call asks about. */
const jobIn = ([, what, , path = '']: readonly string[]): string | undefined =>
  what === 'jobs,pods' ? /@\.metadata\.name=="([^"]+)"/.exec(path)?.[1] : undefined;

/** The Job of whose refusal a call asks. */
const refusedIn = ([, what, selector = '']: readonly string[]): string | undefined =>
  what === 'events' ? /involvedObject\.name=([^,]+)/.exec(selector)?.[1] : undefined;

function printJob({ ended, reason, pods = [] }: JobReport): string {
  const conditions = ended ? [{ type: ended, status: 'True', message: reason }] : [];
  const status = JSON.stringify({ conditions });
  return [
    print([[status]]),
    print([
      ['Job', 'its-name', status],
      ...pods.map((it) => ['Pod', it.name, JSON.stringify(it.status)]),
    ]),
  ].join('\x1d');
}

function printEndpoints({ services, cluster, ingresses = '' }: Script): string {
  const names = services ?? cluster(0).deployments.map((it) => it.name);
  const texts = names.map((name, index) => serviceText(name, `10.0.0.${index + 1}`));
  return `${texts.join('')}\x1d${ingresses}`;
}

const print = (records: readonly (readonly unknown[])[]): string =>
  records.map((cells) => `${cells.map((cell) => cell ?? '').join('\x1f')}\x1e`).join('');

function printObjects({ deployments, replicaSets, pods }: Snapshot): string {
  return print([
    ...deployments.map((it) => [
      ...['Deployment', it.name, it.uid, it.generation, '', ''],
      ...[it.revision, it.source, it.commit, it.release],
      ...[it.replicas, it.paused, JSON.stringify(it.status)],
      it.replicasOwners?.join(' '),
    ]),
    ...replicaSets.map((it) => [
      ...['ReplicaSet', it.name, it.uid, 1, it.ownerUid, ''],
      ...[it.revision, '', '', '', it.replicas, '', '{}'],
    ]),
    ...pods.map((it) => [
      ...['Pod', it.name, it.uid, '', it.ownerUid, it.deleting ? '2026-11-23T02:00:00Z' : ''],
      ...['', '', '', '', '', '', JSON.stringify(it.status)],
    ]),
  ]);
}

const printWarnings = ({ warnings }: Snapshot): string =>
  print(
    warnings.map((it) => [
      ...it.object.split('/'),
      it.reason,
      it.count,
      it.lastSeen,
      '',
      it.message,
    ]),
  );

/** What a service of this release says of itself. */
export const healthBody = (service: string, source: string, more: object = {}): string =>
  JSON.stringify({
    service,
    status: 'ok',
    source,
    commit: '0'.repeat(40),
    dependencies: {},
    ...more,
  });
