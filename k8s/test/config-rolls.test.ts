import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { ofKind } from './helpers/objects.ts';
import { manifestFolder, rendered } from './helpers/rendered.ts';

const before = await rendered('production');

test('config – an edit of one service – changes the pods of that service alone', async (t) => {
  const after = await renderedWith(t, 'base/dj-service/config.env');
  t.deepEqual(changed('Deployment', after), ['dj-service']);
});

test('config – an edit for all – changes the pods of all', async (t) => {
  const after = await renderedWith(t, 'base/common.env');
  t.deepEqual(
    changed('Deployment', after),
    ofKind(before, 'Deployment').map(({ metadata }) => metadata.name),
  );
});

test('config – an edit – leaves the old ConfigMap to the pods that still run', async (t) => {
  const after = await renderedWith(t, 'base/dj-service/config.env');
  const name = (objects: readonly KubernetesObject[]) =>
    ofKind(objects, 'ConfigMap').find(({ data }) => data.PORT === '4002')?.metadata.name;
  t.truthy(name(before));
  t.not(name(after), name(before));
});

test('config – a comment – changes nothing', async (t) => {
  const after = await renderedWith(t, 'base/common.env', '# A remark.\n');
  t.deepEqual(after, before);
});

async function renderedWith(
  t: ExecutionContext,
  file: string,
  line = 'SOMETHING_NEW=1\n',
): Promise<readonly KubernetesObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'whatsthecraic-k8s-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const part of ['base', 'overlays']) {
    await cp(join(manifestFolder, part), join(folder, part), { recursive: true });
  }
  await appendFile(join(folder, file), line);
  return rendered('production', folder);
}

function changed(kind: 'Deployment', after: readonly KubernetesObject[]): readonly string[] {
  const old = new Map(ofKind(before, kind).map((each) => [each.metadata.name, each]));
  return ofKind(after, kind)
    .filter((each) => JSON.stringify(each) !== JSON.stringify(old.get(each.metadata.name)))
    .map(({ metadata }) => metadata.name);
}
