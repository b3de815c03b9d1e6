import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Cluster } from '../../../local/kubernetes/index.ts';
import { systemClock } from '../../src/clock.ts';
import { PipelineError } from '../../src/errors.ts';
import { runProcess } from '../../src/process.ts';
import { KubeconfigTarget } from '../../src/target/kubeconfig-target.ts';
import { changeOf, takeAs } from './lease-world.ts';

const racer = join(import.meta.dirname, 'race-for-lease.ts');
const racers = 8;
const rounds = 2;

/** The Lease on a real API server: it has its own namespace, which is not there at first. */
export async function leaseOnRealCluster(t: ExecutionContext, cluster: Cluster): Promise<void> {
  const { kubectl, kubeconfig } = cluster;
  const namespace = 'lease-race';
  const target = new KubeconfigTarget({ kubectl, kubeconfig, namespace });
  const made = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };

  const first = await takeAs('first', target, systemClock, { namespace: made });
  const late = await takeAs('second', target, systemClock, { holderIsDead: true });
  const lost = await t.throwsAsync(first.held.mutate('late', [changeOf('late')]), {
    instanceOf: PipelineError,
  });
  t.is(lost.code, 'LEASE_LOST');
  t.regex(lost.message, /release second of second@laptop/);
  const counter = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'rounds' },
    data: { count: '0' },
  };
  const create = { args: ['create', '--filename=-'], input: JSON.stringify(counter) };
  const { outputs } = await late.held.end('make', [create]);
  t.is(outputs[0]?.exitCode, 0, outputs[0]?.stderr);

  const started = performance.now();
  const ended = await Promise.all(
    Array.from({ length: racers }, (_, index) =>
      runProcess([
        ...[process.execPath, '--conditions=source', racer],
        ...[kubectl, kubeconfig, namespace, `racer-${index}`, String(rounds)],
      ]),
    ),
  );
  for (const { exitCode, stderr } of ended) t.is(exitCode, 0, stderr);
  const [count, lease] = await target.kubectl([
    { args: ['get', 'configmap', 'rounds', '-o', 'jsonpath={.data.count}'] },
    { args: ['get', 'lease', 'whatsthecraic-release', '-o', 'jsonpath={.spec}'] },
  ]);
  t.is(count?.stdout, String(racers * rounds), 'no round was lost to another one');
  const spec = JSON.parse(lease?.stdout ?? '{}');
  t.is(spec.leaseTransitions, racers * rounds + 2, 'each taken once');
  t.is(spec.holderIdentity, undefined, 'given back');
  t.log(
    `${racers} racers, ${racers * rounds} rounds in ${Math.round(performance.now() - started)} ms`,
  );
}
