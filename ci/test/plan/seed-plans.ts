import type { ExecutionContext } from 'ava';
import type { Cluster } from '../../../local/kubernetes/index.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planText } from '../../src/report/plan-text.ts';
import { services } from '../../src/services.ts';
import { deployAsSeed } from '../seed/on-cluster.ts';
import { openBench, plan } from './on-real-cluster.ts';

const codes = ({ obstacles }: Plan) => [...new Set(obstacles.map(({ code }) => code))].toSorted();
const of = (plan: Plan, what: string) =>
  plan.objects.filter((it) => it.what === what).map(({ object }) => object);

/** Looks at a cluster that the founding document's own sequence has left, with one thing scaled. */
export async function planOnSeed(t: ExecutionContext, cluster: Cluster): Promise<void> {
  const bench = await openBench(t, cluster);
  bench.overlay = 'production';
  try {
    await deployAsSeed(bench.kubectl, {
      imageOf: (name) => `127.0.0.1:1/whatsthecraic/${name}`,
      secret: ['DB_HOST', 'DB_USER', 'DB_PASSWORD', 'JWT_SECRET'].map((key) => `${key}=of-a-test`),
      tag: '0123456',
    });
    await bench.kubectl(['scale', 'deployment/aggregator', '--replicas=2']);

    const refused = await plan(t, bench, cluster);
    t.log(`\n${planText(refused)}`);
    t.is(refused.outcome, 'blocked');
    t.deepEqual(codes(refused), ['FIELDS_TAKEN', 'SELECTOR_CHANGED']);
    const text = planText(refused);
    for (const { name } of services) {
      t.regex(
        text,
        new RegExp(
          `Deployment ${name} selects its pods by app.kubernetes.io/managed-by=kustomize,app.kubernetes.io/part-of=whatsthecraic,app=${name}, the manifests by app.kubernetes.io/name=${name}:`,
        ),
      );
      t.regex(
        text,
        new RegExp(
          `Service ${name} would be refused: .*spec.selector.*\\(kubectl-client-side-apply since 20`,
        ),
      );
      t.regex(text, new RegExp(`Deployment ${name}: .*image.*, by kubectl-set at 20`));
    }
    t.is(of(refused, 'replace').length, 6);
    t.regex(text, /DATA_LOST: Deployment ml-service: .*\/app\/data and \/app\/models/);

    const adopting = await plan(t, bench, cluster, { adopt: true });
    t.log(`\n${planText(adopting)}`);
    t.deepEqual([adopting.outcome, adopting.obstacles], ['changes', []]);
    t.deepEqual(
      adopting.handMade.filter(({ fate }) => fate === 'handed over').map(({ object }) => object),
      ['Deployment aggregator', 'Deployment events-service'],
    );
    t.true(adopting.handMade.every(({ fate }) => fate !== 'refused'));
    t.deepEqual(of(adopting, 'refused'), []);
  } finally {
    await bench.kubectl(['delete', 'namespace', 'whatsthecraic', '--timeout=60s']);
  }
}
