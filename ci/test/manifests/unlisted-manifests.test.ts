import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { unlistedManifests } from '../../src/manifests/unlisted-manifests.ts';

const unlisted = async (files: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'k8s-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await unlistedManifests(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('unlisted manifests – the founding document’s CronJob, which no kustomization names – is found', async (t) => {
  const files = {
    'kustomization.yaml': 'resources: [ml-service.yaml]',
    'ml-service.yaml': 'kind: Deployment',
    'ml-retrain-cronjob.yaml': 'kind: CronJob',
  };
  t.deepEqual(await unlisted(files), ['ml-retrain-cronjob.yaml']);
});

test('unlisted manifests – named as resource, patch, file of a generator, or by another folder – are not', async (t) => {
  const files = {
    'base/kustomization.yaml':
      'resources: [a.yaml]\npatches: [{ path: b.yaml }]\nconfigMapGenerator: [{ files: [key=c.yaml] }]',
    'base/a.yaml': '',
    'base/b.yaml': '',
    'base/c.yaml': '',
    'base/d.yaml': '',
    'overlays/x/kustomization.yaml': 'resources: [../../base]\ncomponents: [../../base/d.yaml]',
    'secrets.yaml': 'a template: no kustomization lies beside it',
  };
  t.deepEqual(await unlisted(files), []);
});

test('unlisted manifests – of this repository – there are none', async (t) => {
  t.deepEqual(await unlistedManifests(join(import.meta.dirname, '..', '..', '..', 'k8s')), []);
});
