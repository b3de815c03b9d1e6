import test, { type ExecutionContext } from 'ava';
import { services } from '../../src/services.ts';
import { node, testAws } from '../aws/helpers/test-aws.ts';
import { callOnCluster } from './helpers/call-on-cluster.ts';
import { sha } from './helpers/checkout.ts';
import { removeModule } from './helpers/dispatch.ts';
import { secret } from './helpers/engine-value.ts';
import { type FakeCluster, fakeCluster } from './helpers/fake-cluster.ts';
import type { FakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

const kubeconfig = 'apiVersion: v1\nkind: Config # of-a-test\n';

const callDeploy = (
  t: ExecutionContext,
  cluster: FakeCluster,
  more: (engine: FakeEngine) => Readonly<Record<string, unknown>>,
) => callOnCluster(t, 'deploy', cluster, (engine) => ({ soak: 0, ...more(engine) }));

/** Whether a call applies something, and not only asks what applying it would do. */
const changes = ({ call }: { readonly call: readonly string[] }): boolean =>
  call[0] === 'apply' && !call.includes('--dry-run=server');

test.serial(
  'deploy – onto a kubeconfig’s cluster – proves all six and tells it as JSON',
  async (t) => {
    const cluster = await fakeCluster(t);
    const { engine, said, exitCode } = await callDeploy(t, cluster, ({ idOf }) => ({
      overlay: 'local',
      kubeconfig: idOf(secret(kubeconfig)),
      format: 'json',
    }));
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], said);
    t.false(said.includes('of-a-test'));

    const release = JSON.parse(String(engine.returned()));
    t.is(release.state, 'verified');
    t.deepEqual([release.overlay, release.commit, release.branch], ['local', sha, 'main']);
    t.deepEqual(
      release.services.map((it: Record<string, unknown>) => [it.service, it.proven, it.built]),
      services.map(({ name }) => [name, true, true]),
    );
    const calls = await cluster.calls();
    const applies = calls.filter(changes);
    t.is(applies.length, 3, 'the migrations, all objects, the record with the result');
    for (const call of calls) t.deepEqual(call.kubeconfig, { content: kubeconfig, mode: '600' });
  },
);

test.serial(
  'deploy – onto an instance over SSM – proves all six and tells it as text',
  async (t) => {
    const cluster = await fakeCluster(t);
    const credentials = {
      accessKeyId: 'ASIATESTTESTTESTTEST',
      secretAccessKey: 'the-secret-access-key-of-this-test',
      sessionToken: 'the-session-token-of-this-test',
      expiresAt: Date.now() + 600_000,
    };
    const aws = await testAws(t, {
      region: 'eu-central-1',
      credentials: [credentials],
      nodes: [{ ...node, env: { PATH: `${cluster.programs}:/usr/bin:/bin` } }],
    });
    const { engine, said, exitCode } = await callDeploy(t, cluster, ({ idOf }) => ({
      instanceId: node.id,
      region: 'eu-central-1',
      awsAccessKeyId: idOf(secret(`${credentials.accessKeyId}\n`)),
      awsSecretAccessKey: idOf(secret(`${credentials.secretAccessKey}\n`)),
      awsSessionToken: idOf(secret(`${credentials.sessionToken}\n`)),
      awsEndpoint: aws.endpoint,
    }));
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], said);
    for (const value of [credentials.secretAccessKey, credentials.sessionToken]) {
      t.false(said.includes(value), 'a credential was shown');
    }
    const report = String(engine.returned());
    t.regex(report, /production on i-0123456789abcdef0 over SSM, commit 0123456789ab of main/);
    t.regex(report, /Verified: all 6 services serve this release/);
    t.true((await cluster.calls()).some(({ program }) => program === 'curl'));
  },
);

test.serial(
  'deploy – with a service that does not start – throws the whole report with one code',
  async (t) => {
    const cluster = await fakeCluster(t);
    await cluster.breakService('venue-service');
    const { engine, exitCode, said } = await callDeploy(t, cluster, ({ idOf }) => ({
      overlay: 'local',
      kubeconfig: idOf(secret(kubeconfig)),
    }));
    t.deepEqual([exitCode, engine.returned()], [1, undefined], said);
    const report = engine.thrown() ?? '';
    t.regex(report, /^Release 20\d{6}t/);
    // A table of all six, the cause of the one with its log, and the state of the whole.
    for (const { name } of services) t.regex(report, new RegExp(`^${name} +[0-9a-f]{8}`, 'm'));
    t.regex(report, /^venue-service: .*exit.* code 3/m);
    t.regex(report, /^ +cannot find the venue$/m);
    t.regex(report, /^Degraded: .*venue-service/m);
    t.deepEqual(report.match(/^code: .*$/gm), ['code: RELEASE_DEGRADED']);
    t.true(report.endsWith('\ncode: RELEASE_DEGRADED'));
  },
);

test.serial('deploy – with a Secret’s key missing – names the key, applies nothing', async (t) => {
  const cluster = await fakeCluster(t, ['DB_HOST', 'DB_USER', 'DB_PASSWORD']);
  const { engine, exitCode, said } = await callDeploy(t, cluster, ({ idOf }) => ({
    overlay: 'local',
    kubeconfig: idOf(secret(kubeconfig)),
  }));
  t.is(exitCode, 1, said);
  t.regex(engine.thrown() ?? '', /JWT_SECRET/);
  t.deepEqual(engine.thrown()?.match(/^code: .*$/gm), ['code: SECRET_KEYS_MISSING']);
  t.false((await cluster.calls()).some(changes));
});
