import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { node, region, testAws } from '../../ci/test/aws/helpers/test-aws.ts';
import { baseImages, checkout, cleanGit, sha } from '../../ci/test/engine/helpers/checkout.ts';
import { callMany } from '../../ci/test/engine/helpers/dispatch.ts';
import {
  directory,
  type EngineWorld,
  file,
  repository,
  secret,
} from '../../ci/test/engine/helpers/engine-value.ts';
import { fakeCluster } from '../../ci/test/engine/helpers/fake-cluster.ts';
import { fakeEngine } from '../../ci/test/engine/helpers/fake-engine.ts';
import { privateRegistry, registryUser } from '../../ci/test/engine/helpers/private-registry.ts';
import { tryListen } from '../../local/try-listen.ts';
import { root } from '../helpers/run-command.ts';

/** What may be given to a call: ids of objects, and where the servers of the test are. */
export interface Given {
  readonly source: string;
  readonly repo: string;
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly keyId: string;
  readonly key: string;
  readonly wrongKey: string;
  readonly password: string;
  readonly wrongPassword: string;
  readonly aws: string;
  readonly registry: string;
  /** An address at which nothing listens. */
  readonly closed: string;
  readonly overlays: string;
}

/** A call of the module, what it must throw, and what git says of the checkout. */
export interface BadCall {
  readonly what: string;
  readonly name: string;
  readonly args: (given: Given) => Readonly<Record<string, unknown>>;
  readonly says: (given: Given) => string;
  readonly git?: EngineWorld['git'];
}

const offline = { ...node, id: 'i-0fedcba9876543210', online: false };
const unknown = 'i-00000000000000bad';

const images = ({ source, repo }: Given) => ({ source, repo, ...baseImages });

const onKubeconfig = (given: Given) => ({
  ...images(given),
  registry: given.registry,
  registryUser: registryUser.user,
  registryPassword: given.password,
  kubeconfig: given.kubeconfig,
  kubectl: given.kubectl,
});

const onInstance =
  (instanceId: string, key: 'key' | 'wrongKey' = 'key') =>
  (given: Given) => ({
    instanceId,
    region,
    awsEndpoint: given.aws,
    awsAccessKeyId: given.keyId,
    awsSecretAccessKey: given[key],
  });

const awsCure =
  'Check --aws-access-key-id, --aws-secret-access-key and --aws-session-token: right account, not expired, and allowed to use SSM and ECR.\ncode: AWS_DENIED';
const hostOf = (registry: string) => new URL(registry).host;

const services = 'aggregator, auth-service, events-service, dj-service, venue-service, ml-service';
const needsBranch =
  'branch: the source is a detached checkout or none at all; name the branch by --branch <name>\ncode: REVISION_UNKNOWN';

export const badCalls: readonly BadCall[] = [
  {
    what: 'an unknown overlay',
    name: 'deploy',
    args: (given) => ({ ...onKubeconfig(given), overlay: 'nowhere' }),
    says: ({ overlays }) =>
      `There is no overlay "nowhere".\nChoose one of: ${overlays}.\ncode: OVERLAY_UNKNOWN`,
  },
  {
    what: 'an unknown service',
    name: 'label',
    args: (given) => ({ ...images(given), service: 'auth' }),
    says: () => `There is no service "auth".\nChoose one of: ${services}.\ncode: SERVICE_UNKNOWN`,
  },
  {
    what: 'a wrong AWS key',
    name: 'verifyHealth',
    args: onInstance(node.id, 'wrongKey'),
    says: () =>
      'AWS refused the call: InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n' +
      awsCure,
  },
  {
    what: 'a wrong AWS key for ECR',
    name: 'push',
    args: (given) => ({
      ...images(given),
      ...onInstance(node.id, 'wrongKey')(given),
      instanceId: undefined,
      registry: '000000000000.dkr.ecr.eu-west-1.amazonaws.com',
    }),
    says: () =>
      'AWS refused the call: InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n' +
      awsCure,
  },
  {
    what: 'an unknown instance',
    name: 'verifyHealth',
    args: onInstance(unknown),
    says: () =>
      `Systems Manager knows no instance ${unknown} in this account and region.\nCheck --instance-id and --region, and that the instance has the SSM agent and the AmazonSSMManagedInstanceCore policy.\ncode: INSTANCE_UNKNOWN`,
  },
  {
    what: 'an instance that is offline',
    name: 'verifyHealth',
    args: onInstance(offline.id),
    says: () =>
      `Instance ${offline.id} is ConnectionLost; its agent was last heard of at ….\nStart the instance, or its amazon-ssm-agent, and deploy again.\ncode: INSTANCE_OFFLINE`,
  },
  {
    what: 'a registry that refuses the password',
    name: 'push',
    args: (given) => ({
      ...images(given),
      registry: given.registry,
      registryUser: registryUser.user,
      registryPassword: given.wrongPassword,
    }),
    says: ({ registry }) =>
      `HEAD ${hostOf(registry)}/craic/aggregator:src-…: 401; check --registry-user and --registry-password\ncode: REGISTRY_UNAUTHORIZED`,
  },
  {
    what: 'a registry that wants a password and got none',
    name: 'push',
    args: (given) => ({ ...images(given), registry: given.registry }),
    says: ({ registry }) =>
      `registry ${hostOf(registry)}: it asks for a user and a password, and none was given; check --registry-user and --registry-password\ncode: REGISTRY_UNAUTHORIZED`,
  },
  {
    what: 'a registry that is not there',
    name: 'push',
    args: (given) => ({ ...images(given), registry: `http://${given.closed}/craic` }),
    says: ({ closed }) =>
      `HEAD ${closed}/craic/aggregator:src-…: ECONNREFUSED; check --registry and the network to it\ncode: REGISTRY_UNREACHABLE`,
  },
  {
    what: 'a detached checkout',
    name: 'deploy',
    args: onKubeconfig,
    git: { sha, ref: 'HEAD', clean: true },
    says: () => needsBranch,
  },
  {
    what: 'a checkout without a commit',
    name: 'deploy',
    args: onKubeconfig,
    git: {},
    says: () =>
      'commit: the source is no git checkout; name the commit by --commit <sha>\ncode: REVISION_UNKNOWN',
  },
  {
    what: 'a dirty tree for production',
    name: 'deploy',
    args: onKubeconfig,
    git: { ...cleanGit, clean: false },
    says: () =>
      'Production takes committed code only; this tree has changes.\nCommit or stash them, then deploy again.\ncode: TREE_DIRTY',
  },
];

export interface CallResult {
  readonly thrown: string | undefined;
  readonly says: string;
}

/** Without what is another one each time. */
const steady = (text: string) =>
  text.replaceAll(/src-[0-9a-f]{32}/g, 'src-…').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…');

/** Makes the calls as the engine does; gives back what each threw, and everything that was touched. */
export async function makeCalls(
  t: ExecutionContext,
  calls: readonly BadCall[],
): Promise<{ results: readonly CallResult[]; touched: readonly unknown[] }> {
  const [first] = calls;
  const aws = await testAws(t, { nodes: [node, offline] });
  const registry = await privateRegistry(t);
  const cluster = await fakeCluster(t);
  const published: string[] = [];
  const engine = await fakeEngine(t, undefined, {
    folder: await checkout(t),
    program: cluster.kubectl,
    git: first?.git ?? cleanGit,
    publish: async ({ address }) => {
      published.push(address);
      throw new Error('nothing of this should be pushed');
    },
  });
  const id = (text: string) => engine.idOf(secret(text));
  const given: Given = {
    source: engine.idOf(directory),
    repo: engine.idOf(repository),
    kubectl: engine.idOf(file),
    kubeconfig: id('a kubeconfig'),
    keyId: id(aws.credentials.accessKeyId),
    key: id(aws.credentials.secretAccessKey),
    wrongKey: id('wrong-key-of-a-test'),
    password: id(registryUser.password),
    wrongPassword: id('wrong-password-of-a-test'),
    aws: aws.endpoint,
    registry: `http://${registry.host}/craic`,
    closed: `127.0.0.1:${await tryListen('127.0.0.1', 0)}`,
    overlays: (await readdir(join(root, 'k8s/overlays'))).toSorted().join(', '),
  };
  const asked = calls.map(({ name, args }) => ({ name, args: args(given) }));
  const { outcomes, printed } = await callMany(t, engine, asked);
  t.notRegex(printed + JSON.stringify(outcomes), /wrong-(?:key|password)-of-a-test/);
  const ran = aws.calls.filter((call) => call.action === 'SendCommand' && call.status === 200);
  return {
    results: outcomes.map(({ thrown }, index) => ({
      thrown: thrown && steady(thrown),
      says: calls[index]?.says(given) ?? '',
    })),
    touched: [...published, ...(await cluster.calls()), ...ran],
  };
}
