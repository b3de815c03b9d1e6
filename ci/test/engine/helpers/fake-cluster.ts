import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { KubernetesObject } from '../../../src/manifests/objects.ts';
import { services } from '../../../src/services.ts';

export interface KubectlRecord {
  readonly program: string;
  readonly call: readonly string[];
  readonly kubeconfig?: { readonly content: string; readonly mode: string };
}

export interface FakeCluster {
  /** Path of the program to be given as kubectl. */
  readonly kubectl: string;
  /** A folder with kubectl and curl, for the PATH of a node. */
  readonly programs: string;
  /** Lets every pod of that service end as soon as it starts. */
  breakService(name: string): Promise<void>;
  /** Lets it run a release already, each service with this source digest. */
  runs(source: string): Promise<void>;
  /** Lets it hold these ConfigMaps already. */
  remembers(configMaps: readonly KubernetesObject[]): Promise<void>;
  calls(): Promise<readonly KubectlRecord[]>;
}

const keys = ['DB_HOST', 'DB_USER', 'DB_PASSWORD', 'DB_NAME', 'JWT_SECRET'];

/** A cluster that takes what is applied and then runs it at once; nothing is deployed yet. */
export async function fakeCluster(
  t: ExecutionContext,
  secretKeys: readonly string[] = keys,
): Promise<FakeCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const programs = join(folder, 'bin');
  await mkdir(programs);
  await writeFile(join(folder, 'secrets'), `whatsthecraic-secrets 42 ${secretKeys.join(' ')}`);
  const code = join(import.meta.dirname, 'fake-kubectl.ts');
  for (const name of ['kubectl', 'curl']) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${code}' '${folder}' ${name} "$@"\n`;
    await writeFile(join(programs, name), script);
    await chmod(join(programs, name), 0o755);
  }
  return {
    kubectl: join(programs, 'kubectl'),
    programs,
    breakService: (name) => writeFile(join(folder, 'broken'), name),
    async runs(source) {
      const annotations = { 'whatsthecraic.run.place/source': source };
      const items = services.map(({ name }) => ({
        kind: 'Deployment',
        metadata: { name, annotations },
      }));
      await writeFile(join(folder, 'applied'), JSON.stringify({ items }));
    },
    remembers: (configMaps) => writeFile(join(folder, 'config-maps'), JSON.stringify(configMaps)),
    async calls() {
      const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  };
}
