import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { makeCredentials } from '../aws/credentials.ts';
import { Tokens } from '../aws/ecr/tokens.ts';
import { createAwsServer } from '../aws/server.ts';
import { buildCredentialProvider } from '../credential-provider/build.ts';
import { tryRun } from '../run.ts';
import { instance } from '../state.ts';
import { instanceMetadata } from './helpers/instance-metadata.ts';
import { listen } from './helpers/listen.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const nodeFolder = fileURLToPath(new URL('../../k8s/node', import.meta.url));
const providerFolder = 'var/lib/rancher/credentialprovider';
const loopback = '127.0.0.1';

let program: Buffer;
test.before(async (t) => {
  t.timeout(600_000, 'the first run on a machine compiles the provider');
  const { cacheFolder } = instance('ecr-test');
  program = await readFile(await buildCredentialProvider(cacheFolder, t.log));
});

const sumOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A node with nothing on it, an AWS that knows its role, and a server that publishes the provider. */
async function bareNode(t: ExecutionContext) {
  const folder = await temporaryFolder();
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const end = (work: () => void) => t.teardown(work);
  const role = { ...makeCredentials(), sessionToken: 'the-role-of-the-instance' };
  const tokens = new Tokens({ now: Date.now });
  const aws = createAwsServer({
    folder: join(folder, 'aws'),
    credentials: [role],
    nodes: [],
    ecr: { registry: 'http://registry.invalid', tokens },
  });
  t.teardown(() => aws.close());
  const published: { bytes: Buffer; sha256: string; fetched: string[] } = {
    bytes: program,
    sha256: `${sumOf(program)}\n`,
    fetched: [],
  };
  const publisher = createServer((request, response) => {
    published.fetched.push(request.url ?? '');
    if (request.url === '/provider') response.end(published.bytes);
    else if (request.url === '/provider.sha256') response.end(published.sha256);
    else response.writeHead(404).end();
  });

  const bin = join(folder, 'bin');
  await mkdir(bin);
  const stub = (name: string, text: string) =>
    writeFile(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  await stub('restart', `echo restart >>${folder}/calls`);
  await stub('k3s', `echo "$@" >>${folder}/calls`);
  const env = {
    PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
    FOLDER: join(folder, 'root'),
    K3S_RESTART: join(bin, 'restart'),
    ECR_PROVIDER_URL: `http://${await listen(publisher, loopback, end)}/provider`,
    AWS_ENDPOINT_URL_ECR: await aws.listen(),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${await listen(instanceMetadata(role), loopback, end)}`,
  };
  const script = join(folder, 'node', 'set-up-ecr-pulls.sh');
  await cp(nodeFolder, join(folder, 'node'), { recursive: true });
  return {
    aws,
    published,
    tokens,
    stub,
    script,
    place: (file: string) => join(folder, 'root', providerFolder, file),
    run: (args: readonly string[] = [], more: NodeJS.ProcessEnv = {}) =>
      tryRun(['sh', script, ...args], { env: { ...env, ...more }, timeoutMs: 60_000 }),
    /** What was asked of k3s since the last question. */
    calls: async () => {
      const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
      await rm(join(folder, 'calls'), { force: true });
      return text.trim().split('\n').filter(Boolean);
    },
  };
}
const mark =
  'kubectl annotate nodes --all --overwrite --request-timeout=10s whatsthecraic.run.place/ecr-credential-provider=v1.34.3';

test.serial(
  'set-up-ecr-pulls – a bare node, then again – sets up once, asks each time',
  async (t) => {
    const node = await bareNode(t);

    const first = await node.run();

    t.is(first.exitCode, 0, first.stderr);
    t.regex(
      first.stdout,
      /the provider gives a token for 385017713886\.dkr\.ecr\.eu-west-1\.amazon/,
    );
    t.deepEqual(await node.calls(), ['restart', mark]);
    t.true(program.equals(await readFile(node.place('bin/ecr-credential-provider'))));
    t.is((await stat(node.place('bin/ecr-credential-provider'))).mode & 0o777, 0o755);
    const config = await readFile(join(nodeFolder, 'files', providerFolder, 'config.yaml'), 'utf8');
    t.is(await readFile(node.place('config.yaml'), 'utf8'), config);
    t.is(node.tokens.count, 1);

    node.published.fetched.length = 0;
    const again = await node.run();

    t.is(again.exitCode, 0, again.stderr);
    t.regex(again.stdout, /^nothing changed$/m);
    t.deepEqual(await node.calls(), [mark]);
    t.deepEqual(node.published.fetched, ['/provider.sha256'], 'the program is not fetched again');
  },
);

test.serial(
  'set-up-ecr-pulls – the configuration alone changed – puts it and restarts',
  async (t) => {
    const node = await bareNode(t);
    await node.run();
    await node.calls();
    await writeFile(node.place('config.yaml'), 'apiVersion: v1\n');

    const { stdout } = await node.run();

    t.regex(stdout, /^put \S+config\.yaml$/m);
    t.notRegex(stdout, /put \S+ecr-credential-provider/);
    t.deepEqual(await node.calls(), ['restart', mark]);
  },
);

test.serial(
  'set-up-ecr-pulls – k3s does not restart – says so, and the next run does it',
  async (t) => {
    const node = await bareNode(t);
    await node.stub('restart', 'exit 1');
    const failed = await node.run();
    t.is(failed.exitCode, 1);
    t.regex(failed.stderr, /k3s did not restart; see journalctl/);

    await node.stub('restart', 'exit 0');
    const { exitCode, stdout } = await node.run();
    t.is(exitCode, 0);
    t.regex(stdout, /^restarted k3s/m);
  },
);

test.serial('set-up-ecr-pulls – another program than its checksum – changes nothing', async (t) => {
  const node = await bareNode(t);
  node.published.bytes = Buffer.from('#!/bin/sh\necho harm\n');

  const { exitCode, stderr } = await node.run();

  t.is(exitCode, 1);
  t.regex(stderr, /has the checksum [0-9a-f]{64}, not [0-9a-f]{64}: nothing was changed/);
  await t.throwsAsync(stat(node.place('bin')));
  t.deepEqual(await node.calls(), []);
});

test.serial(
  'set-up-ecr-pulls – the role may not – says what is missing, shows no token',
  async (t) => {
    const node = await bareNode(t);
    node.aws.faults.add({ kind: 'access-denied', action: 'GetAuthorizationToken', times: 100 });
    const { exitCode, stderr } = await node.run();
    t.is(exitCode, 1);
    t.regex(stderr, /AccessDenied/);
    t.regex(stderr, /gave no token: has the instance a role with iam-policy\.json\?$/m);
    t.false((await node.calls()).includes(mark), 'a node that cannot pull is not marked');
  },
);

test.serial(
  'set-up-ecr-pulls – --file, --check and wrong arguments – as its first lines say',
  async (t) => {
    const node = await bareNode(t);
    const unready = await node.run(['--check']);
    t.regex(unready.stderr, /is absent: run this without --check first/);
    const own = join(node.place('..'), 'own-provider');
    await mkdir(node.place('..'), { recursive: true });
    await writeFile(own, program);

    const { exitCode, stderr } = await node.run(['--file', own]);

    t.is(exitCode, 0, stderr);
    t.deepEqual(node.published.fetched, []);
    await node.calls();
    t.is((await node.run(['--check'])).exitCode, 0);
    t.deepEqual(await node.calls(), [mark]);
    for (const [args, message] of [
      [['--image', 'docker.io/x'], /expected <account>\.dkr\.ecr\./],
      [['--file', '/nonexistent'], /there is no such file/],
      [['--chek'], /unknown argument --chek/],
    ] as const) {
      const refused = await node.run(args);
      t.is(refused.exitCode, 1);
      t.regex(refused.stderr, message);
    }
  },
);
