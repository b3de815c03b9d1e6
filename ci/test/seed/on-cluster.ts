import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '../../src/services.ts';
import { type SeedOptions, seedManifests } from './manifests.ts';

type Kubectl = (args: readonly string[], input?: string) => Promise<unknown>;

const namespace = ['-n', 'whatsthecraic'];

/**
 * The founding document's own sequence: the namespace and the Secret by hand, `apply -k`, and an image
 * set by its commit's tag.
 */
export async function deployAsSeed(
  kubectl: Kubectl,
  {
    secret,
    tag,
    ...options
  }: SeedOptions & { readonly secret: readonly string[]; readonly tag: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'seed-'));
  try {
    const files = seedManifests(options);
    for (const [name, text] of files) await writeFile(join(folder, name), text);
    await kubectl(['apply', '-f', join(folder, 'namespace.yaml')]);
    const literals = secret.map((it) => `--from-literal=${it}`);
    const name = ['secret', 'generic', 'whatsthecraic-secrets'];
    await kubectl(['create', ...name, ...literals, ...namespace]);
    await kubectl(['apply', '-k', folder]);
    await setImages(kubectl, options, tag);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function setImages(kubectl: Kubectl, { imageOf }: SeedOptions, tag: string): Promise<void> {
  for (const { name } of services) {
    const image = `${name}=${imageOf(name)}:${tag}`;
    await kubectl(['set', 'image', `deployment/${name}`, image, ...namespace]);
  }
}
