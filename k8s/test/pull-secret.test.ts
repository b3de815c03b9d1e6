import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { objectKey } from '../../ci/src/manifests/objects.ts';
import { overlay } from './helpers/overlays.ts';
import { manifestFolder, rendered } from './helpers/rendered.ts';

const script = join(manifestFolder, 'node/files/usr/local/bin/ecr-refresh.sh');

test('components/pull-secret – taken by production – every account pulls by it, nothing else changes', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-k8s-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await cp(manifestFolder, folder, { recursive: true });
  const file = join(folder, 'overlays/production/kustomization.yaml');
  await writeFile(
    file,
    `${await readFile(file, 'utf8')}components: [../../components/pull-secret]\n`,
  );

  const objects = await rendered('production', folder);

  const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount');
  t.true(accounts.length > 1);
  for (const account of accounts) {
    t.deepEqual(account.imagePullSecrets, [{ name: 'ecr-pull-secret' }], account.metadata.name);
  }
  const others = (list: typeof objects) => list.filter(({ kind }) => kind !== 'ServiceAccount');
  const before = overlay('production');
  t.deepEqual(objects.map(objectKey), before.map(objectKey));
  t.deepEqual(others(objects), others(before));
  t.regex(
    await readFile(script, 'utf8'),
    /^secret=ecr-pull-secret$/m,
    'the Secret that is renewed',
  );
});
