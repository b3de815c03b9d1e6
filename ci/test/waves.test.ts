import test from 'ava';
import { parseManifests } from '../src/manifests/text.ts';
import { RegistryError } from '../src/registry/registry-error.ts';
import { crash, names, of, proven, render, run } from './deploy-scenario.ts';

const mebi = 2 ** 20;
/** One arm64 node with this much memory to ask for, as `nodesCalls` makes kubectl print it. */
const nodeWith = (mebibytes: number): string =>
  `${['n', '', '', JSON.stringify({ cpu: '2', memory: `${mebibytes}Mi`, pods: '110' }), 'linux', 'arm64', ''].join('\x1f')}\x1e`;

/** Each new pod asks for 100 Mi; ml-service for so much that it goes after the others, if told. */
const asking = (ml: number) => async (images: Parameters<typeof render>[0]) =>
  (await render(images)).map((object) => {
    if (object.kind !== 'Deployment') return object;
    const memory = object.metadata.name === 'ml-service' ? ml : 100 * mebi;
    const spec = structuredClone(object.spec) as {
      strategy?: object;
      template: { spec: { containers: { resources?: object }[] } };
    };
    spec.strategy = { rollingUpdate: { maxSurge: 1 } };
    for (const it of spec.template.spec.containers) it.resources = { requests: { memory } };
    return { ...object, spec };
  });

/** The server's own words: every Deployment would be as it was sent. */
const preview = (args: readonly string[], input = '') =>
  args.includes('--output=json')
    ? { exitCode: 0, stderr: '', stdout: input }
    : {
        ...{ exitCode: 0, stderr: '' },
        stdout: names.map((it) => `deployment.apps/${it} serverside-applied\n`).join(''),
      };

/** What serves, of earlier images. */
const live = JSON.stringify({
  ...{ apiVersion: 'v1', kind: 'List' },
  items: await render(Object.fromEntries(names.map((name) => [name, `earlier/${name}`]))),
});

const deployments = (applied: readonly string[]) =>
  applied.map((it) =>
    parseManifests(it)
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata }) => metadata.name),
  );

const onNode = (
  mebibytes: number,
  more: Partial<Parameters<typeof run>[0]> = {},
  ml = 100 * mebi,
) =>
  run({
    nodes: nodeWith(mebibytes),
    dryRun: preview,
    answer: (args) =>
      args.includes('--show-managed-fields')
        ? { exitCode: 0, stdout: live, stderr: '' }
        : undefined,
    request: { render: asking(ml) },
    ...more,
  });

test('deploy – room for all new pods at once – one apply', async (t) => {
  const { result, applied } = await onNode(600);
  t.is((await result).state, 'verified');
  t.is(applied.length, 1);
});

test('deploy – room for three new pods – two waves, the critical services first', async (t) => {
  const { result, applied, said } = await onNode(310);
  const release = await result;
  t.is(release.state, 'verified');
  t.is(proven(release).length, 6);
  t.deepEqual(deployments(applied), [
    ['aggregator', 'auth-service', 'events-service'],
    ['dj-service', 'venue-service', 'ml-service'],
  ]);
  t.true(said.includes('wave 1 of 2: aggregator, auth-service, events-service'));
  const steps = release.timeline?.phases.map(({ name }) => name);
  t.deepEqual(
    steps?.filter((it) => it === 'apply' || it === 'rollout'),
    ['apply', 'rollout', 'apply', 'rollout'],
  );
});

test('deploy – a critical service fails in the first wave – the second is not begun', async (t) => {
  const { result, applied } = await onNode(310, { newPods: { aggregator: crash } });
  const release = await result;
  t.is(release.state, 'failed');
  t.is(of(release, 'dj-service').code, 'HELD_BACK');
  t.is(applied.length, 1);
});

test('deploy – another service fails in a wave – the next goes on', async (t) => {
  const { result, applied } = await onNode(210, { newPods: { 'dj-service': crash } });
  const release = await result;
  t.is(release.state, 'degraded');
  t.is(proven(release).length, 5);
  t.is(applied.length, 3);
});

test('deploy – a new pod that fits nowhere – NO_ROOM, nothing applied', async (t) => {
  const { result, applied } = await onNode(400, {}, 500 * mebi);
  const error = await t.throwsAsync(result, { code: 'NO_ROOM' });
  t.regex(
    error?.message ?? '',
    /^ml-service: no node has room for its new pod beside the old: it counts for 0m CPU and 500Mi, n has/,
  );
  t.deepEqual(applied, []);
});

test('deploy – images for another platform than the node’s – refused before a build', async (t) => {
  const { result, applied } = await onNode(600, {
    request: { render: asking(100), platforms: ['linux/amd64'] },
  });
  await t.throwsAsync(result, {
    code: 'IMAGE_WRONG_PLATFORM',
    message: /^Images are to be made for linux\/amd64; n is linux\/arm64\.\nNothing was touched\./,
  });
  t.deepEqual(applied, []);
});

test('deploy – the registry lacks an image, or has it for other nodes – refused by name', async (t) => {
  const has = (platforms: readonly string[] | undefined) =>
    onNode(600, {
      request: {
        render: asking(100),
        platformsOf: async ({ service }) =>
          service === 'dj-service' ? platforms : ['linux/arm64'],
      },
    });
  const missing = await has(undefined);
  await t.throwsAsync(missing.result, {
    code: 'IMAGE_NOT_FOUND',
    message:
      /\ndj-service: there is no registry\.example\.com\/whatsthecraic\/dj-service@sha256:a+\.\n/,
  });
  t.deepEqual(missing.applied, []);
  const wrong = await has(['linux/amd64']);
  await t.throwsAsync(wrong.result, {
    code: 'IMAGE_WRONG_PLATFORM',
    message: /\ndj-service: made for linux\/amd64; n is linux\/arm64\.\n/,
  });
  const both = await has(['linux/amd64', 'linux/arm64']);
  t.is((await both.result).state, 'verified');
});

test('deploy – the registry is away for a moment – left to the node’s own pull', async (t) => {
  const refusing = (code: ConstructorParameters<typeof RegistryError>[0]) =>
    onNode(600, {
      request: {
        render: asking(100),
        platformsOf: () => Promise.reject(new RegistryError(code, 'GET registry.example.com')),
      },
    });
  for (const code of ['REGISTRY_UNREACHABLE', 'REGISTRY_THROTTLED'] as const) {
    const away = await refusing(code);
    t.is((await away.result).state, 'verified', code);
  }
  const denied = await refusing('REGISTRY_DENIED');
  await t.throwsAsync(denied.result, { code: 'REGISTRY_DENIED' });
  t.deepEqual(denied.applied, []);
});
