import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { namespace } from '../../ci/src/namespace.ts';
import { judge } from '../../ci/src/rollout/judge.ts';
import { takeSnapshot } from '../../ci/src/rollout/snapshot.ts';
import type { Verdict } from '../../ci/src/rollout/verdict.ts';
import { KubeconfigTarget } from '../../ci/src/target/kubeconfig-target.ts';
import { makeCredentials } from '../aws/credentials.ts';
import { createRegistryGate } from '../aws/ecr/registry-gate.ts';
import { Tokens } from '../aws/ecr/tokens.ts';
import { type AwsServer, createAwsServer } from '../aws/server.ts';
import { buildCredentialProvider } from '../credential-provider/build.ts';
import { trustRegistry } from '../kubernetes/containerd.ts';
import { startKubernetes, stopKubernetes } from '../kubernetes/index.ts';
import { startRegistry, stopRegistry } from '../registry.ts';
import { instance } from '../state.ts';
import { pushBusybox } from './helpers/busybox-image.ts';
import { ecrRefresh } from './helpers/ecr-refresh.ts';
import { instanceMetadata } from './helpers/instance-metadata.ts';
import { listen } from './helpers/listen.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const ecrHost = '385017713886.dkr.ecr.eu-west-1.amazonaws.com';
/** The very file that a node gets. */
const configFile = fileURLToPath(
  new URL('../../k8s/node/files/var/lib/rancher/credentialprovider/config.yaml', import.meta.url),
);
/** In place of twelve hours; the kubelet keeps a token for half of its life. */
const lifetimeMs = 6_000;
const keptMs = lifetimeMs / 2;

const ends: (() => unknown)[] = [];
const onEnd = (end: () => unknown) => void ends.push(end);
const role = { ...makeCredentials(), sessionToken: 'the-role-of-the-instance' };
const tokens = new Tokens({ lifetimeMs, now: Date.now });
let target: KubeconfigTarget;
let aws: AwsServer;
let program: string;
let provider: string;
let image: string;
let kubeconfigFile: string;
let kubectlProgram: string;
let ecrEndpoint: string;
let workFolder: string;

test.before('a node whose role may pull from an ECR that demands its tokens', async (t) => {
  t.timeout(900_000, 'the first run on a machine compiles Kubernetes');
  const folder = await temporaryFolder();
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const { cacheFolder } = instance('ecr-test');
  const own = { ...instance('ecr-test', { XDG_STATE_HOME: folder }), cacheFolder };
  program = await buildCredentialProvider(cacheFolder, t.log);
  const binFolder = join(folder, 'credential-provider');
  provider = join(binFolder, 'ecr-credential-provider');
  await mkdir(binFolder);
  await symlink(program, provider);

  onEnd(() => stopKubernetes(own));
  const { kubectl, kubeconfig, hostAddress } = await startKubernetes(own, {
    say: t.log,
    credentialProvider: async (address) => {
      const metadata = await listen(instanceMetadata(role), address, onEnd);
      aws = createAwsServer({
        folder: join(folder, 'aws'),
        credentials: [role],
        nodes: [],
        ecr: { registry: 'http://registry.invalid', tokens },
      });
      onEnd(() => aws.close());
      const endpoint = await aws.listen(0, address);
      ecrEndpoint = endpoint;
      return {
        configFile,
        binFolder,
        env: {
          AWS_ENDPOINT_URL_ECR: endpoint,
          AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${metadata}`,
        },
      };
    },
  });
  onEnd(() => stopRegistry(own));
  const registry = await startRegistry(own, { address: hostAddress });
  const pushed = await pushBusybox(registry.address, join(folder, 'image'));
  image = pushed.replace(registry.address, ecrHost);
  const gate = createRegistryGate(tokens, `http://${registry.address}`);
  await trustRegistry(own, await listen(gate, hostAddress, onEnd), ecrHost);
  [kubectlProgram, kubeconfigFile, workFolder] = [kubectl, kubeconfig, folder];
  target = new KubeconfigTarget({ kubectl, kubeconfig, namespace });
  await target.kubectl([{ args: ['create', 'namespace', namespace] }]);
});

test.after.always(async () => {
  for (const end of ends.toReversed()) await end();
});

/** A Deployment that names no pull secret, and what the pipeline says of it once it is sure. */
async function verdictOf(name: string, isSo: (verdict: Verdict) => boolean): Promise<Verdict> {
  const container = {
    ...{ name, image, imagePullPolicy: 'Always' },
    command: ['/bin/busybox', 'sleep', '3600'],
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  };
  const [made] = await target.kubectl([
    { args: ['create', '-f', '-'], input: JSON.stringify(deployment) },
  ]);
  if (made?.exitCode !== 0) throw new Error(made?.stderr);
  return untilVerdict(name, isSo);
}

async function untilVerdict(name: string, isSo: (verdict: Verdict) => boolean): Promise<Verdict> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    const verdict = judge(name, await takeSnapshot(target));
    if (isSo(verdict) || Date.now() > deadline) return verdict;
    await sleep(250);
  }
}

/** A new pod pulls at once; the kubelet backs off from the old one's image for longer each time. */
async function replaced(name: string): Promise<Verdict> {
  await target.kubectl([{ args: ['delete', 'pods', `--selector=app=${name}`, '--wait=false'] }]);
  return untilVerdict(name, isReady);
}

const isReady = ({ state }: Verdict) => state === 'ready';
const isDenied = ({ code }: Verdict) => code === 'IMAGE_DENIED';

test.serial('a pull from ECR – by the role of the node – needs no pull secret', async (t) => {
  const verdict = await verdictOf('first', isReady);
  t.is(verdict.state, 'ready', verdict.message);
  t.is(tokens.count, 1);
});

test.serial('a pull from ECR – the first token has expired – works with another', async (t) => {
  await sleep(lifetimeMs);
  const verdict = await verdictOf('second', isReady);
  t.is(verdict.state, 'ready', verdict.message);
  t.is(tokens.count, 2);
});

test.serial(
  'a pull from ECR – the role may not ask for tokens – denied, then allowed',
  async (t) => {
    await sleep(keptMs);
    aws.faults.add({ kind: 'access-denied', action: 'GetAuthorizationToken', times: 1_000 });
    const verdict = await verdictOf('third', isDenied);
    t.log(verdict.message);
    t.is(verdict.code, 'IMAGE_DENIED');
    t.regex(verdict.message, /385017713886\.dkr\.ecr/);

    aws.faults.clear();
    t.is((await replaced('third')).state, 'ready');
  },
);

test.serial('a pull from ECR – the provider breaks – denied, then mended', async (t) => {
  await sleep(keptMs);
  await rm(provider);
  await writeFile(provider, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const verdict = await verdictOf('fourth', isDenied);
  t.log(verdict.message);
  t.is(verdict.code, 'IMAGE_DENIED');

  await rm(provider);
  await symlink(program, provider);
  t.is((await replaced('fourth')).state, 'ready');
});

/** The password in the pull secret, as the kubelet reads it; undefined if there is none. */
async function pullSecret(): Promise<string | undefined> {
  const path = 'jsonpath={.data.\\.dockerconfigjson}';
  const [read] = await target.kubectl([{ args: ['get', 'secret', 'ecr-pull-secret', '-o', path] }]);
  if (read?.exitCode !== 0) return undefined;
  const config = JSON.parse(Buffer.from(read.stdout, 'base64').toString());
  const [host, ...others] = Object.keys(config.auths);
  if (host !== ecrHost || others.length > 0) throw new Error(read.stdout);
  const [user, password] = Buffer.from(config.auths[host].auth, 'base64').toString().split(':');
  return user === 'AWS' ? password : undefined;
}

test.serial(
  'ecr-refresh – run, run again, ECR refusing, API away – renews, and keeps the old one',
  async (t) => {
    const refresh = await ecrRefresh({
      folder: workFolder,
      kubectl: kubectlProgram,
      kubeconfig: kubeconfigFile,
      endpoint: ecrEndpoint,
      role,
    });
    t.is(await pullSecret(), undefined);

    const first = await refresh.run(namespace);
    t.is(first.exitCode, 0, first.stderr);
    const one = (await pullSecret()) ?? '';
    t.is(tokens.check(one), 'good');
    await refresh.run(namespace);
    const two = (await pullSecret()) ?? '';
    t.not(two, one);
    t.is(tokens.check(two), 'good');

    aws.faults.add({ kind: 'access-denied', action: 'GetAuthorizationToken', times: 100 });
    const refused = await refresh.run(namespace);
    aws.faults.clear();
    t.is(refused.exitCode, 1);
    t.regex(refused.stderr, /ECR gave no token: .*The old one stays\.$/m);
    t.is(await pullSecret(), two);

    const away = await refresh.run(namespace, { REFRESH_OPTIONS: '--server=https://127.0.0.1:1' });
    t.is(away.exitCode, 1);
    t.regex(away.stderr, /not written: whatsthecraic\. The old one stays there\.$/m);
    t.is(await pullSecret(), two);

    const missing = await refresh.run('nowhere');
    t.regex(missing.stderr, /not written: nowhere/);
    t.regex((await refresh.run('')).stderr, /expected the namespaces/);
    const seen = await refresh.seen();
    for (const password of [one, two]) {
      t.false(seen.includes(password), 'in no argument');
      t.false(seen.includes(Buffer.from(`AWS:${password}`).toString('base64')));
      for (const { stdout, stderr } of [first, refused, away]) {
        t.false(`${stdout}${stderr}`.includes(password), 'in no output');
      }
    }
    const [object] = await target.kubectl([
      {
        args: [
          'get',
          'secret',
          'ecr-pull-secret',
          '-o',
          'jsonpath={.type} {.metadata.annotations}',
        ],
      },
    ]);
    t.is(object?.stdout, 'kubernetes.io/dockerconfigjson ', 'no copy of the token beside it');
  },
);
