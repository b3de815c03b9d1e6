import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { openTarget } from '../../src/target/open-target.ts';
import { setup } from '../aws-client/setup.ts';

const refused = { instanceOf: PipelineError };
const aws = { region: 'eu-west-1', accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const instanceId = 'i-0123456789abcdef0';

const wrong = {
  'no target': [{}, /There is no target\.\nGive --instance-id .* or --kubeconfig/],
  'two targets': [{ instanceId, kubeconfig: '/k' }, /two targets: --instance-id and --kubeconfig/],
  'a kubeconfig without kubectl': [{ kubeconfig: '/k' }, /^--kubectl is missing/],
  'an instance without credentials': [{ instanceId }, /^--aws-access-key-id is missing/],
  'an id that is none': [
    { instanceId: '../i-1', aws },
    /--instance-id "\.\.\/i-1" is not possible/,
  ],
} as const;

for (const [situation, [args, message]] of Object.entries(wrong)) {
  test(`openTarget – ${situation} – ARGUMENT_INVALID and the cure`, async (t) => {
    const error = await t.throwsAsync(openTarget({ overlay: 'production', ...args }), {
      ...refused,
      message,
    });
    t.is(error?.code, 'ARGUMENT_INVALID');
  });
}

test('openTarget – a kubeconfig – that cluster, nothing asked yet', async (t) => {
  const target = await openTarget({
    overlay: 'local',
    kubeconfig: '/k',
    kubectl: '/no/such/kubectl',
  });
  t.regex(target.description, /kubeconfig/);
});

for (const [overlay, namespace] of Object.entries({
  production: 'whatsthecraic',
  local: 'whatsthecraic',
  staging: 'whatsthecraic-staging',
})) {
  test(`openTarget – ${overlay} – asks its own namespace`, async (t) => {
    const target = await openTarget({ overlay, kubeconfig: '/k', kubectl: '/bin/echo' });
    const [output] = await target.kubectl([{ args: ['get', 'pods'] }]);
    t.is(output?.stdout, `--kubeconfig /k --namespace ${namespace} get pods\n`);
  });
}

test('openTarget – an instance – only if it is online', async (t) => {
  const { aws: server } = await setup(t);
  const access = { region: 'eu-west-1', endpoint: server.endpoint, ...server.credentials };
  const args = { overlay: 'production', instanceId, aws: access };
  t.is((await openTarget(args)).description, `${instanceId} over SSM`);
  server.server.setNode(instanceId, 'offline');
  const error = await t.throwsAsync(openTarget(args), refused);
  t.is(error?.code, 'INSTANCE_OFFLINE');
});
