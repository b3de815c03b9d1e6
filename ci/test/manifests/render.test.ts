import { readdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { findKubectl } from '../../../test/helpers/kubectl.ts';
import {
  imagesOf,
  type PinnedImages,
  unbuiltImages,
  withBuiltImages,
} from '../../src/manifests/images.ts';
import {
  kustomization,
  type RunProcess,
  renderManifests,
  renderNodeManifests,
} from '../../src/manifests/render.ts';
import { parseManifests, printManifests } from '../../src/manifests/text.ts';
import { imageNames } from '../../src/services.ts';
import { folderOf } from './helpers/folder.ts';
import { deployment, pinned } from './helpers/objects.ts';

const kubectl = findKubectl();
const realFolder = join(import.meta.dirname, '..', '..', '..', 'k8s');

const objects = (...names: string[]): string =>
  printManifests([
    ...names.map((name) => deployment(name, { image: name })),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'whatsthecraic' } },
  ]);

const fixture = (...names: string[]): Readonly<Record<string, string>> => ({
  'base/kustomization.yaml': 'resources: [objects.yaml]\n',
  'base/objects.yaml': objects(...names),
  'overlays/production/kustomization.yaml': 'resources: [../../base]\n',
  'overlays/near/kustomization.yaml': 'resources: [../../base]\nnamespace: whatsthecraic-near\n',
});

const images = { one: pinned('registry.example:5000/craic/one') };

test('render – a real overlay – pins each image and puts the namespace first', async (t) => {
  const folder = await folderOf(t, fixture('one'));
  const rendered = await renderManifests({ folder, overlay: 'production', images, kubectl });
  t.deepEqual(
    rendered.map(({ kind }) => kind),
    ['Namespace', 'Deployment'],
  );
  t.deepEqual(imagesOf(rendered), [images.one]);
});

test('render – another overlay – is that overlay', async (t) => {
  const folder = await folderOf(t, fixture('one'));
  const rendered = await renderManifests({ folder, overlay: 'near', images, kubectl });
  const names = rendered.map(({ metadata }) => metadata.namespace ?? metadata.name);
  t.deepEqual(names, ['whatsthecraic-near', 'whatsthecraic-near']);
});

test('render – a release – leaves no folder behind and the sources untouched', async (t) => {
  const folder = await folderOf(t, fixture('one'));
  const before = readdirSync(folder, { recursive: true }).toSorted();
  let workFolder = '';
  const run: RunProcess = async (argv) => {
    workFolder = argv[2] ?? '';
    return {
      exitCode: 0,
      stdout: printManifests([deployment('one', { image: images.one })]),
      stderr: '',
    };
  };
  await renderManifests({ folder, overlay: 'production', images, kubectl }, run);
  const [own = ''] = /whatsthecraic-render-\w+/.exec(workFolder) ?? [];
  t.not(own, '');
  t.false(readdirSync(tmpdir()).includes(own));
  t.deepEqual(readdirSync(folder, { recursive: true }).toSorted(), before);
});

test('render – an unknown overlay – names those that exist', async (t) => {
  const folder = await folderOf(t, fixture('one'));
  for (const overlay of ['prod', '..', '']) {
    const error = await t.throwsAsync(renderManifests({ folder, overlay, images, kubectl }), {
      message: /code: OVERLAY_UNKNOWN/,
    });
    t.true(error?.message.includes('Choose one of: near, production.'), overlay);
  }
});

test('render – an overlay in the namespace of another – is refused and told its own', async (t) => {
  const folder = await folderOf(t, {
    ...fixture('one'),
    'overlays/near/kustomization.yaml': 'resources: [../../base]\n',
  });
  await t.throwsAsync(renderManifests({ folder, overlay: 'near', images, kubectl }), {
    message:
      /^Namespace whatsthecraic of the overlay near belongs to .* whatsthecraic; this overlay's is whatsthecraic-near\.\nWrite "namespace: whatsthecraic-near" in k8s\/overlays\/near\/kustomization\.yaml\./,
  });
});

test('render – one object in another namespace – is refused by its name', async (t) => {
  const stray = {
    ...deployment('one', { image: 'one' }),
    metadata: { name: 'one', namespace: 'elsewhere' },
  };
  const folder = await folderOf(t, {
    ...fixture(),
    'base/objects.yaml': printManifests([stray]),
  });
  await t.throwsAsync(renderManifests({ folder, overlay: 'production', images, kubectl }), {
    message: /^Deployment one of the overlay production belongs to the namespace elsewhere/,
  });
});

test('render – a folder without overlays – says which folder is wanted', async (t) => {
  const folder = await folderOf(t, { 'readme.md': '' });
  await t.throwsAsync(renderManifests({ folder, overlay: 'production', images, kubectl }), {
    message: /holds no overlays: give the repository/,
  });
});

for (const reference of [
  'registry.example/one',
  'registry.example/one:latest',
  'registry.example:5000/one',
  `${pinned('registry.example/one:latest')}`,
  'registry.example/one@sha256:abc',
  `one two@sha256:${'a'.repeat(64)}`,
  '',
]) {
  test(`render – image ${JSON.stringify(reference)} – is refused, since it is not pinned`, async (t) => {
    const folder = await folderOf(t, fixture('one'));
    await t.throwsAsync(
      renderManifests({ folder, overlay: 'production', images: { one: reference }, kubectl }),
      { message: /is not pinned by its digest.*code: MANIFESTS_INVALID/s },
    );
  });
}

test('render – a manifest with an image that nobody built – names object and container', async (t) => {
  const folder = await folderOf(t, fixture('one', 'two'));
  await t.throwsAsync(renderManifests({ folder, overlay: 'production', images, kubectl }), {
    message: /Deployment two, container two: there is no built image for "two"/,
  });
});

test('render – an init container with an image that nobody built – is found as well', async (t) => {
  const init = { initContainers: [{ name: 'wait', image: 'busybox:1.36' }] };
  const folder = await folderOf(t, {
    ...fixture('one'),
    'base/objects.yaml': printManifests([deployment('one', { image: 'one' }, init)]),
  });
  await t.throwsAsync(renderManifests({ folder, overlay: 'production', images, kubectl }), {
    message: /Deployment one, container wait: there is no built image for "busybox:1.36"/,
  });
});

test('render – an image that no manifest runs – is refused by its service', async (t) => {
  const folder = await folderOf(t, fixture('one'));
  const more = { ...images, forgotten: pinned('registry.example/forgotten', 'b') };
  await t.throwsAsync(renderManifests({ folder, overlay: 'production', images: more, kubectl }), {
    message: /No manifest runs the image of: forgotten/,
  });
});

test('render – a broken overlay – passes on what kustomize says, without our temporary path', async (t) => {
  const folder = await folderOf(t, {
    'overlays/production/kustomization.yaml': 'resources: [missing.yaml]\n',
  });
  const error = await t.throwsAsync(
    renderManifests({ folder, overlay: 'production', images, kubectl }),
    { message: /does not render: kubectl kustomize exited with 1/ },
  );
  t.regex(error?.message ?? '', /missing\.yaml/);
  t.notRegex(error?.message ?? '', /whatsthecraic-render-/);
});

test('render – a kubectl that hangs – is ended in time', async (t) => {
  const folder = await folderOf(t, { ...fixture('one'), kubectl: '#!/bin/sh\nexec sleep 30\n' });
  await chmod(join(folder, 'kubectl'), 0o755);
  const started = performance.now();
  await t.throwsAsync(
    renderManifests({
      folder,
      overlay: 'production',
      images,
      kubectl: join(folder, 'kubectl'),
      timeoutMs: 200,
    }),
    { message: /exited with 137/ },
  );
  t.true(performance.now() - started < 15_000);
});

for (const overlay of ['local', 'production']) {
  test(`render – the platform itself, ${overlay} – runs the images given, whether they are known before or after`, async (t) => {
    const all = Object.fromEntries(
      imageNames.map((name) => [name, pinned(`registry.example/${name}`)]),
    );
    const render = (images: PinnedImages) =>
      renderManifests({ folder: realFolder, overlay, images, kubectl });
    const rendered = await render(all);
    t.deepEqual(imagesOf(rendered), Object.values(all).toSorted());
    const standIns = unbuiltImages(imageNames);
    const early = await render(standIns);
    t.deepEqual(withBuiltImages(early, standIns, all), rendered);
    const { aggregator, ...others } = all;
    t.truthy(aggregator);
    t.throws(() => withBuiltImages(early, standIns, others), { message: /aggregator/ });
  });
}

const service = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const host = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(\.[a-z]{2,6})?(:[1-9][0-9]{3})?$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const imageSet: fc.Arbitrary<PinnedImages> = fc
  .uniqueArray(fc.tuple(service, host, digest), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 4,
  })
  .map((all) =>
    Object.fromEntries(all.map(([name, at, hex]) => [name, `${at}/craic/${name}@sha256:${hex}`])),
  );

test('render – any pinned images – are in the printed and parsed manifests as they were given', async (t) => {
  await fc.assert(
    fc.asyncProperty(imageSet, async (given) => {
      const folder = await folderOf(t, fixture(...Object.keys(given)));
      const rendered = await renderManifests({
        folder,
        overlay: 'production',
        images: given,
        kubectl,
      });
      const again = parseManifests(printManifests(rendered));
      t.deepEqual(again, rendered);
      t.deepEqual(imagesOf(again), [...new Set(Object.values(given))].toSorted());
    }),
    { numRuns: 15 },
  );
});

test('kustomization – the images – are named by repository and digest', (t) => {
  t.deepEqual(JSON.parse(kustomization('../overlay', images)), {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../overlay'],
    images: [
      {
        name: 'one',
        newName: 'registry.example:5000/craic/one',
        digest: `sha256:${'a'.repeat(64)}`,
      },
    ],
  });
});

test('render of the node’s own – there, absent, broken – its objects, none, and why', async (t) => {
  const traefik = {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    metadata: { name: 'traefik', namespace: 'kube-system' },
  };
  const there = await folderOf(t, {
    'node/kustomization.yaml': 'resources: [traefik.yaml]\n',
    'node/traefik.yaml': printManifests([traefik]),
  });
  t.deepEqual(await renderNodeManifests({ folder: there, kubectl }), [traefik]);
  const absent = await folderOf(t, { 'overlays/local/kustomization.yaml': '' });
  t.deepEqual(await renderNodeManifests({ folder: absent, kubectl }), []);
  const broken = await folderOf(t, { 'node/kustomization.yaml': 'resources: [none.yaml]\n' });
  const error = await t.throwsAsync(renderNodeManifests({ folder: broken, kubectl }));
  t.regex(
    error?.message ?? '',
    /^The folder k8s\/node does not render: (?:.|\n)*kubectl kustomize k8s\/node$/m,
  );
});
