import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '../../src/services.ts';
import { namespaceOf, type SeedOptions, seedManifests } from './manifests.ts';

type Kubectl = (args: readonly string[], input?: string) => Promise<unknown>;

export type Sequence = SeedOptions & { readonly tag: string };

/**
 * The founding document's own first deploy: the namespace and the Secret by hand, and then what each
 * of its deploys does.
 */
export async function deployAsSeed(
  kubectl: Kubectl,
  { secret, ...sequence }: Sequence & { readonly secret: readonly string[] },
): Promise<void> {
  const where = `--namespace=${namespaceOf(sequence)}`;
  await withManifests(sequence, (folder) =>
    kubectl(['apply', '-f', join(folder, 'namespace.yaml'), where]),
  );
  const literals = secret.map((it) => `--from-literal=${it}`);
  const name = ['secret', 'generic', 'whatsthecraic-secrets'];
  await kubectl(['create', ...name, ...literals, where]);
  await applyAsSeed(kubectl, sequence);
}

/** What each of its deploys does: `apply -k`, and then every image set by its commit's tag. */
export async function applyAsSeed(kubectl: Kubectl, sequence: Sequence): Promise<void> {
  await withManifests(sequence, (folder) => kubectl(['apply', '-k', folder]));
  const where = `--namespace=${namespaceOf(sequence)}`;
  for (const { name } of services) {
    const image = `${name}=${sequence.imageOf(name)}:${sequence.tag}`;
    await kubectl(['set', 'image', `deployment/${name}`, image, where]);
  }
}

async function withManifests(
  options: SeedOptions,
  work: (folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'seed-'));
  try {
    for (const [name, text] of seedManifests(options)) await writeFile(join(folder, name), text);
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
