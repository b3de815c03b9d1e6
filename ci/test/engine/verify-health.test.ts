import test, { type ExecutionContext } from 'ava';
import type { NodeState } from '../../../local/aws/options.ts';
import { services } from '../../src/services.ts';
import { node, testAws } from '../aws/helpers/test-aws.ts';
import { step } from './helpers/chain.ts';
import { callMany, dispatch, removeModule } from './helpers/dispatch.ts';
import { file, secret } from './helpers/engine-value.ts';
import { type FakeCluster, fakeCluster } from './helpers/fake-cluster.ts';
import { fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

const source = 'src-00112233445566778899aabbccddeeff';

async function runningCluster(t: ExecutionContext): Promise<FakeCluster> {
  const cluster = await fakeCluster(t);
  await cluster.runs(source);
  return cluster;
}

const nodeOf = (cluster: FakeCluster) => ({
  ...node,
  env: { PATH: `${cluster.programs}:/usr/bin:/bin` },
});

test.serial(
  'verifyHealth – of an instance over SSM – tells every service’s health as JSON',
  async (t) => {
    const cluster = await runningCluster(t);
    const aws = await testAws(t, { nodes: [nodeOf(cluster)] });
    const args: Record<string, unknown> = {
      overlay: 'local',
      instanceId: node.id,
      awsEndpoint: aws.endpoint,
      format: 'json',
    };
    const engine = await fakeEngine(t, { name: 'verifyHealth', args });
    Object.assign(args, {
      awsAccessKeyId: engine.idOf(secret(aws.credentials.accessKeyId)),
      awsSecretAccessKey: engine.idOf(secret(aws.credentials.secretAccessKey)),
    });
    const { exitCode, stdout, stderr } = await dispatch(t, engine);
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], `${stdout}${stderr}`);
    t.false(`${stdout}${stderr}${engine.returned()}`.includes(aws.credentials.secretAccessKey));

    const health = JSON.parse(String(engine.returned()));
    t.deepEqual([health.target, health.healthy], [`local on ${node.id} over SSM`, true]);
    t.deepEqual(
      health.services.map((it: Record<string, unknown>) => [it.service, it.healthy, it.source]),
      services.map(({ name }) => [name, true, source]),
    );
    t.false(
      engine.asked.some((chain) => chain.some((it) => it.field === 'export')),
      'over SSM no kubectl is fetched',
    );
  },
);

test.serial(
  'verifyHealth – of a kubeconfig’s cluster – tells it as text, or throws the report',
  async (t) => {
    const cluster = await runningCluster(t);
    const engine = await fakeEngine(t, undefined, { program: cluster.kubectl });
    const args = {
      kubeconfig: engine.idOf(secret('the-kubeconfig-of-this-test')),
      kubectl: engine.idOf(file),
      overlay: 'production',
      soak: 1,
    };
    const call = { name: 'verifyHealth', args };
    const { kubectl: _, ...withoutKubectl } = args;
    const healthy = await callMany(t, engine, [call, { ...call, args: withoutKubectl }]);
    await cluster.breakService('events-service');
    const ill = await callMany(t, engine, [call, { ...call, args: { ...args, format: 'json' } }]);

    t.regex(String(healthy.outcomes[0]?.returned), /^Health of production on the cluster/);
    t.regex(String(healthy.outcomes[0]?.returned), /All 6 services are healthy\.$/);
    t.regex(healthy.printed, /all healthy; watching for 1 s/);
    t.regex(String(healthy.outcomes[1]?.returned), /All 6 services are healthy\.$/);
    const fetched = engine.asked.find((chain) => chain[0]?.field === 'container') ?? [];
    t.regex(String(step(fetched, 'from').args.address), /^registry\.k8s\.io\/kubectl:v1\.\d+\.\d+/);
    t.is(step(fetched, 'file').args.path, '/bin/kubectl');
    const [text = '', json = ''] = ill.outcomes.map(({ thrown }) => thrown);
    t.regex(text, /events-service +src-00112233 .*UNHEALTHY: /);
    t.regex(text, /\n1 of 6 services .* not healthy: events-service\.\ncode: UNHEALTHY$/);
    const [report = '', code] = json.split(/\n(?=code: )/);
    t.is(JSON.parse(report).healthy, false);
    t.is(code, 'code: UNHEALTHY');
    t.notRegex(`${text}${json}${ill.printed}`, /of-this-test/);
    t.deepEqual(
      new Set((await cluster.calls()).map(({ kubeconfig }) => kubeconfig?.mode)),
      new Set(['600']),
    );
  },
);

test.serial(
  'verifyHealth – with AWS against it – says which of key, instance and address is wrong',
  async (t) => {
    const cluster = await runningCluster(t);
    const aws = await testAws(t, { nodes: [nodeOf(cluster)] });
    const gone: NodeState = 'offline';
    aws.server.setNode(node.id, gone);
    const engine = await fakeEngine(t, undefined);
    const args = {
      instanceId: node.id,
      awsEndpoint: aws.endpoint,
      awsAccessKeyId: engine.idOf(secret(aws.credentials.accessKeyId)),
      awsSecretAccessKey: engine.idOf(secret(aws.credentials.secretAccessKey)),
    };
    const wrongKey = engine.idOf(secret('not-the-key-of-this-test'));
    const { outcomes, printed } = await callMany(
      t,
      engine,
      [
        { awsSecretAccessKey: wrongKey },
        { instanceId: 'i-077f139e329506bf5' },
        {},
        { awsEndpoint: 'http://127.0.0.1:9' },
      ].map((more) => ({ name: 'verifyHealth', args: { ...args, ...more } })),
    );
    t.deepEqual(
      outcomes.map(({ thrown }) => thrown?.match(/^code: .*$/gm)),
      ['AWS_DENIED', 'INSTANCE_UNKNOWN', 'INSTANCE_OFFLINE', 'AWS_UNREACHABLE'].map((code) => [
        `code: ${code}`,
      ]),
    );
    for (const value of ['not-the-key-of-this-test', aws.credentials.secretAccessKey]) {
      t.false(`${JSON.stringify(outcomes)}${printed}`.includes(value));
    }
  },
);
