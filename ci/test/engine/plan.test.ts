import test, { type ExecutionContext } from 'ava';
import { services } from '../../src/services.ts';
import { node, testAws } from '../aws/helpers/test-aws.ts';
import { callOnCluster } from './helpers/call-on-cluster.ts';
import { cleanGit, sha } from './helpers/checkout.ts';
import { removeModule } from './helpers/dispatch.ts';
import { secret } from './helpers/engine-value.ts';
import { type FakeCluster, fakeCluster } from './helpers/fake-cluster.ts';
import type { FakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

const kubeconfig = 'apiVersion: v1\nkind: Config # of-a-test\n';

/** Neither the engine nor the cluster was asked for anything that changes something. */
async function changedNothing(t: ExecutionContext, engine: FakeEngine, cluster: FakeCluster) {
  const asked = engine.asked.flatMap((chain) => chain.map(({ field }) => field));
  t.false(asked.includes('publish'));
  t.false(asked.includes('dockerBuild'));
  const calls = await cluster.calls();
  t.true(calls.length > 0);
  for (const { call } of calls) t.true(call[0] === 'get' || call.includes('--dry-run=server'));
}

test.serial('plan – of a kubeconfig’s cluster – tells it as JSON, changes nothing', async (t) => {
  const cluster = await fakeCluster(t);
  const { engine, said, exitCode } = await callOnCluster(t, 'plan', cluster, ({ idOf }) => ({
    overlay: 'local',
    kubeconfig: idOf(secret(kubeconfig)),
    format: 'json',
  }));
  t.deepEqual([exitCode, engine.thrown()], [0, undefined], said);
  t.false(said.includes('of-a-test'));
  const plan = JSON.parse(String(engine.returned()));
  t.deepEqual([plan.outcome, plan.commit, plan.namespace], ['changes', sha, 'to create']);
  t.deepEqual(
    plan.services.map((it: Record<string, unknown>) => [it.service, it.image, it.rollout]),
    services.map(({ name }) => [name, 'to build', 'new']),
  );
  await changedNothing(t, engine, cluster);
});

test.serial('plan – of an instance over SSM – tells it as text, changes nothing', async (t) => {
  const cluster = await fakeCluster(t);
  const aws = await testAws(t, {
    nodes: [{ ...node, env: { PATH: `${cluster.programs}:/usr/bin:/bin` } }],
  });
  const { engine, said, exitCode } = await callOnCluster(t, 'plan', cluster, ({ idOf }) => ({
    instanceId: node.id,
    awsAccessKeyId: idOf(secret(aws.credentials.accessKeyId)),
    awsSecretAccessKey: idOf(secret(aws.credentials.secretAccessKey)),
    awsEndpoint: aws.endpoint,
  }));
  t.deepEqual([exitCode, engine.thrown()], [0, undefined], said);
  t.false(said.includes(aws.credentials.secretAccessKey));
  const report = String(engine.returned());
  t.regex(
    report,
    /^Plan for production on i-0123456789abcdef0 over SSM, commit 0123456789ab of main/,
  );
  t.regex(report, /^ {2}create {2}Ingress whatsthecraic-ingress$/m);
  t.regex(
    report,
    /A deploy would build 6 of 6 images and roll 6 of 6 services\. Nothing was changed\.\nFingerprint ([0-9a-f]{12}): `deploy --expect \1` does this, or refuses if it has become something else\.$/,
  );
  await changedNothing(t, engine, cluster);
});

test.serial(
  'plan – a dirty tree and a Secret’s key missing – throws both with one code',
  async (t) => {
    const cluster = await fakeCluster(t, ['DB_HOST', 'DB_USER', 'DB_PASSWORD']);
    const { engine, exitCode, said } = await callOnCluster(
      t,
      'plan',
      cluster,
      ({ idOf }) => ({ kubeconfig: idOf(secret(kubeconfig)) }),
      { ...cleanGit, clean: false },
    );
    t.is(exitCode, 1, said);
    const report = engine.thrown() ?? '';
    t.regex(report, /^ {2}TREE_DIRTY: Production takes committed code only/m);
    t.regex(report, /^ {2}SECRET_KEYS_MISSING: .*\n.*JWT_SECRET/m);
    t.deepEqual(report.match(/^code: .*$/gm), ['code: PLAN_BLOCKED']);
    await changedNothing(t, engine, cluster);
  },
);
