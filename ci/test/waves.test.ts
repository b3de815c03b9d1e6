import test from 'ava';
import type { DeployRequest } from '../src/deploy.ts';
import { RegistryError } from '../src/registry/registry-error.ts';
import { imageNames } from '../src/services.ts';
import { crash, image, names, of, proven, render, run } from './deploy-scenario.ts';
import { asking, deployments, mebi, nodeWith, preview } from './small-node.ts';

/** What serves, of earlier images. */
const live = JSON.stringify({
  ...{ apiVersion: 'v1', kind: 'List' },
  items: await render(Object.fromEntries(names.map((name) => [name, `earlier/${name}`]))),
});

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

test('deploy – a node that is short of disk – NODE_PRESSURE with its words, before a build', async (t) => {
  const taint = JSON.stringify([{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }]);
  const [name, , , ...rest] = nodeWith(600).replace('\x1e', '').split('\x1f');
  const since = '2026-11-23T01:00:00Z';
  const cells = [name, '', taint, ...rest, 'True', 'kubelet has disk pressure', since];
  const { result, built } = await building({ nodes: `${cells.join('\x1f')}\x1e` });
  await t.throwsAsync(result, {
    code: 'NODE_PRESSURE',
    message:
      /^n is short of disk since 2026-11-23T01:00:00Z: kubelet has disk pressure\nNo node takes/,
  });
  t.false(built());
});

/** A deploy whose images take minutes to build, unless something stops it. */
async function building(
  more: Partial<Parameters<typeof run>[0]> & { readonly nodes: string },
  ml = 100 * mebi,
) {
  let built = false;
  const ensureImages: DeployRequest['ensureImages'] = async (signal, _onImage, onNamed) => {
    for (const name of imageNames) onNamed(name, image(name).tag);
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
      setTimeout(resolve, 500).unref();
    });
    signal.throwIfAborted();
    built = true;
    return imageNames.map(image);
  };
  const request = { render: asking(ml), ensureImages };
  const { result, ...rest } = await onNode(600, { request, ...more });
  return { result, built: () => built, ...rest };
}

test('deploy – a new pod that will never fit – NO_ROOM while images are built, which stops', async (t) => {
  const { result, built, applied } = await building({ nodes: nodeWith(400) }, 500 * mebi);
  await t.throwsAsync(result, { code: 'NO_ROOM', message: /^ml-service: no node has room/ });
  t.deepEqual([built(), applied], [false, []]);
});

/** A pod of a Job, or of a Deployment, that takes 350 Mi of the node. */
const guest = (owner: string) => {
  const resources = JSON.stringify({ requests: { memory: 350 * mebi } });
  return `${['any', 'guest', 'n', 'Running', resources, '', owner].join('\x1f')}\x1e`;
};
const beside = (owner: string) => (args: readonly string[]) => {
  const stdout = args.includes('--show-managed-fields')
    ? live
    : args.includes('--all-namespaces')
      ? `${nodeWith(400)}\x1d${guest(owner)}`
      : undefined;
  return stdout === undefined ? undefined : { exitCode: 0, stdout, stderr: '' };
};

test('deploy – no room beside a Job – is no lasting lack: judged again when the images are built', async (t) => {
  const job = await building({ nodes: nodeWith(400), answer: beside('Job') });
  await t.throwsAsync(job.result, { code: 'NO_ROOM' });
  t.true(job.built());
  const other = await building({ nodes: nodeWith(400), answer: beside('ReplicaSet') });
  await t.throwsAsync(other.result, { code: 'NO_ROOM' });
  t.false(other.built());
});
