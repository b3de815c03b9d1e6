import test, { type ExecutionContext } from 'ava';
import { node } from '../aws/helpers/test-aws.ts';
import { baseImages, checkout, cleanGit, sha } from './helpers/checkout.ts';
import { callMany, removeModule } from './helpers/dispatch.ts';
import type { EngineWorld } from './helpers/engine-value.ts';
import { directory, file, repository, secret } from './helpers/engine-value.ts';
import { fakeCluster } from './helpers/fake-cluster.ts';
import { fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

type Args = Readonly<Record<string, unknown>>;

interface Wrong {
  readonly what: string;
  readonly name: string;
  readonly args: (objects: Args) => Args;
  readonly code: string;
  readonly says: RegExp;
}

const build = (args: Args) => (given: Args) => ({
  service: 'auth-service',
  source: given.source,
  repo: given.repo,
  ...baseImages,
  ...args,
});

const push = (args: (given: Args) => Args) => (given: Args) => ({
  source: given.source,
  repo: given.repo,
  registry: '127.0.0.1:9',
  ...baseImages,
  ...args(given),
});

const deploy = (args: (given: Args) => Args) => (given: Args) => ({
  ...push(() => ({}))(given),
  kubectl: given.kubectl,
  ...args(given),
});

const ask = (args: (given: Args) => Args) => args;

const kubeconfig = (given: Args) => ({ kubeconfig: given.kubeconfig });
const aws = (given: Args) => ({ awsAccessKeyId: given.keyId, awsSecretAccessKey: given.key });

const wrong: readonly Wrong[] = [
  {
    what: 'an image name that is none',
    name: 'check',
    args: ({ source }) => ({ source, ...baseImages, buildImage: 'Node 24' }),
    code: 'INVALID_REFERENCE',
    says: /Node 24/,
  },
  {
    what: 'an unknown service',
    name: 'build',
    args: build({ service: 'auth' }),
    code: 'SERVICE_UNKNOWN',
    says: /"auth".*\n.*aggregator, auth-service/,
  },
  {
    what: 'an unknown service to label',
    name: 'label',
    args: build({ service: '' }),
    code: 'SERVICE_UNKNOWN',
    says: /""/,
  },
  {
    what: 'a short commit',
    name: 'label',
    args: build({ commit: '0123456' }),
    code: 'REVISION_UNKNOWN',
    says: /40 hex digits.*"0123456"/,
  },
  {
    what: 'an unknown format of push',
    name: 'push',
    args: push(() => ({ format: 'yaml' })),
    code: 'ARGUMENT_INVALID',
    says: /--format "yaml".*\n.*text or json/,
  },
  {
    what: 'a platform by half its name',
    name: 'push',
    args: push(() => ({ platforms: ['linux/amd64', 'arm64'] })),
    code: 'ARGUMENT_INVALID',
    says: /--platforms "arm64".*\n.*linux\/amd64 and linux\/arm64/,
  },
  {
    what: 'a platform that is not built for',
    name: 'deploy',
    args: deploy((given) => ({ platforms: ['linux/arm'], ...kubeconfig(given) })),
    code: 'ARGUMENT_INVALID',
    says: /--platforms "linux\/arm"/,
  },
  {
    what: 'no platform at all',
    name: 'push',
    args: push(() => ({ platforms: [] })),
    code: 'ARGUMENT_INVALID',
    says: /--platforms ""/,
  },
  {
    what: 'a list where one platform is meant',
    name: 'label',
    args: build({ platform: 'linux/amd64,linux/arm64' }),
    code: 'ARGUMENT_INVALID',
    says: /--platform "linux\/amd64,linux\/arm64".*\n.*linux\/amd64 and linux\/arm64/,
  },
  {
    what: 'a registry with a tag',
    name: 'push',
    args: push(() => ({ registry: 'registry.example/craic:latest' })),
    code: 'INVALID_REFERENCE',
    says: /registry: .*"craic:latest"/,
  },
  {
    what: 'a registry user without a password',
    name: 'push',
    args: push(() => ({ registryUser: 'pusher' })),
    code: 'ARGUMENT_INVALID',
    says: /--registry-password is missing/,
  },
  {
    what: 'ECR without AWS keys',
    name: 'push',
    args: push(() => ({ registry: '385017713886.dkr.ecr.eu-west-1.amazonaws.com' })),
    code: 'ARGUMENT_INVALID',
    says: /--aws-access-key-id is missing: 385017713886.*takes AWS credentials/,
  },
  {
    what: 'half of the AWS keys: no secret',
    name: 'push',
    args: push(({ keyId }) => ({ awsAccessKeyId: keyId })),
    code: 'ARGUMENT_INVALID',
    says: /--aws-secret-access-key is missing/,
  },
  {
    what: 'a key that CI does not have, and so leaves empty',
    name: 'push',
    args: push(({ empty, key }) => ({ awsAccessKeyId: empty, awsSecretAccessKey: key })),
    code: 'ARGUMENT_INVALID',
    says: /--aws-access-key-id is missing: the secret that it names is empty/,
  },
  {
    what: 'half of the AWS keys: no id',
    name: 'verifyHealth',
    args: ask(({ key }) => ({ instanceId: node.id, awsSecretAccessKey: key })),
    code: 'ARGUMENT_INVALID',
    says: /--aws-access-key-id is missing/,
  },
  {
    what: 'a session token without keys',
    name: 'verifyHealth',
    args: ask(({ key }) => ({ instanceId: node.id, awsSessionToken: key })),
    code: 'ARGUMENT_INVALID',
    says: /--aws-access-key-id is missing/,
  },
  {
    what: 'an unknown overlay',
    name: 'deploy',
    args: deploy((given) => ({ overlay: 'preview', ...kubeconfig(given) })),
    code: 'OVERLAY_UNKNOWN',
    says: /"preview".*\n.*local, production, staging/,
  },
  {
    what: 'an overlay that leaves its folder',
    name: 'deploy',
    args: deploy((given) => ({ overlay: '../base', ...kubeconfig(given) })),
    code: 'OVERLAY_UNKNOWN',
    says: /"\.\.\/base"/,
  },
  {
    what: 'a negative soak',
    name: 'deploy',
    args: deploy((given) => ({ soak: -1, ...kubeconfig(given) })),
    code: 'ARGUMENT_INVALID',
    says: /--soak "-1".*\n.*0 to 3600/,
  },
  {
    what: 'a wait without an end',
    name: 'deploy',
    args: deploy((given) => ({ wait: 86_400, ...kubeconfig(given) })),
    code: 'ARGUMENT_INVALID',
    says: /--wait "86400".*\n.*0 to 3600/,
  },
  {
    what: 'a name of several lines',
    name: 'rollback',
    args: ask((given) => ({ by: 'ann\ncode: NONE', ...kubeconfig(given) })),
    code: 'ARGUMENT_INVALID',
    says: /--by "ann\\ncode: NONE".*\n.*one line/,
  },
  {
    what: 'a soak without an end',
    name: 'verifyHealth',
    args: ask((given) => ({ soak: 86_400, ...kubeconfig(given), kubectl: given.kubectl })),
    code: 'ARGUMENT_INVALID',
    says: /--soak "86400"/,
  },
  {
    what: 'no target',
    name: 'deploy',
    args: deploy(() => ({})),
    code: 'ARGUMENT_INVALID',
    says: /no target.*\n.*--instance-id.*--kubeconfig/,
  },
  {
    what: 'no target to ask',
    name: 'verifyHealth',
    args: ask(() => ({})),
    code: 'ARGUMENT_INVALID',
    says: /no target/,
  },
  {
    what: 'two targets',
    name: 'deploy',
    args: deploy((given) => ({ instanceId: node.id, ...kubeconfig(given), ...aws(given) })),
    code: 'ARGUMENT_INVALID',
    says: /two targets: --instance-id and --kubeconfig/,
  },
  {
    what: 'no instance id',
    name: 'verifyHealth',
    args: ask((given) => ({ instanceId: 'web-1', ...aws(given) })),
    code: 'ARGUMENT_INVALID',
    says: /--instance-id "web-1".*\n.*i-077f139e329506bf5/,
  },
  {
    what: 'an unknown format of verify-health',
    name: 'verifyHealth',
    args: ask((given) => ({ format: 'JSON', ...kubeconfig(given), kubectl: given.kubectl })),
    code: 'ARGUMENT_INVALID',
    says: /--format "JSON"/,
  },
];

async function run(t: ExecutionContext, calls: readonly Wrong[], world: Partial<EngineWorld>) {
  const cluster = await fakeCluster(t);
  const engine = await fakeEngine(t, undefined, {
    folder: await checkout(t),
    git: cleanGit,
    program: cluster.kubectl,
    ...world,
  });
  const given = {
    source: engine.idOf(directory),
    repo: engine.idOf(repository),
    kubectl: engine.idOf(file),
    kubeconfig: engine.idOf(secret('the-kubeconfig-of-this-test')),
    empty: engine.idOf(secret('\n')),
    keyId: engine.idOf(secret('AKIATESTTESTTESTTEST')),
    key: engine.idOf(secret('the-secret-key-of-this-test')),
  };
  const asked = calls.map(({ name, args }) => ({ name, args: args(given) }));
  const { outcomes, printed } = await callMany(t, engine, asked);
  t.is(outcomes.length, calls.length);
  for (const [index, { what, code, says }] of calls.entries()) {
    const { thrown = '', returned } = outcomes[index] ?? {};
    t.is(returned, undefined, what);
    t.regex(thrown, says, what);
    t.deepEqual(thrown.match(/^code: .*$/gm), [`code: ${code}`], `${what}: ${thrown}`);
    t.true(thrown.endsWith(`\ncode: ${code}`), what);
    t.notRegex(thrown, /of-this-test/, what);
  }
  t.notRegex(printed, /of-this-test/);
  const effects = engine.asked.filter((chain) => chain.at(-1)?.field === 'publish');
  t.is(effects.length, 0, 'nothing was built or pushed');
  t.deepEqual(await cluster.calls(), [], 'the cluster was not asked');
}

test.serial(
  'wrong arguments – each – end with one message, its cure and its code, before anything',
  (t) => run(t, wrong, {}),
);

test.serial('a detached checkout – without --branch – is refused', async (t) => {
  const git = { sha, ref: 'HEAD', clean: true };
  const says = /detached checkout.*--branch/;
  const code = 'REVISION_UNKNOWN';
  const cases = [
    { what: 'build', name: 'build', args: build({}), code, says },
    { what: 'push', name: 'push', args: push(() => ({})), code, says },
    { what: 'deploy', name: 'deploy', args: deploy(kubeconfig), code, says },
  ];
  await run(t, cases, { git });
});

test.serial(
  'a dirty tree – for production – is refused before anything is taken out',
  async (t) => {
    const cases: readonly Wrong[] = [
      {
        what: 'the default overlay',
        name: 'deploy',
        args: deploy(kubeconfig),
        code: 'TREE_DIRTY',
        says: /committed code only.*\n.*Commit or stash/,
      },
      {
        what: 'a named commit does not make it clean',
        name: 'deploy',
        args: deploy((given) => ({ commit: sha, branch: 'main', ...kubeconfig(given) })),
        code: 'TREE_DIRTY',
        says: /committed code only/,
      },
    ];
    await run(t, cases, { git: { ...cleanGit, clean: false } });
  },
);

test.serial('no commit yet – in the checkout – asks for --commit', async (t) => {
  const cases = [
    {
      what: 'build',
      name: 'build',
      args: build({}),
      code: 'REVISION_UNKNOWN',
      says: /--commit <sha>/,
    },
  ];
  await run(t, cases, { git: {} });
});
