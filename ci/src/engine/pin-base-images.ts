import { dag } from '@dagger.io/dagger';
import { type BaseImages, baseImagesIn } from '../images/base-images.ts';
import type { SourceTree } from '../source/source-tree.ts';

/**
 * The base images by digest as the engine sees them: it pulls them, with mirrors and credentials of
 * its own. What it cannot tell stays as it is, and the registry is asked for it directly.
 */
export async function pinBaseImagesInEngine(
  source: SourceTree,
  overrides: Partial<BaseImages>,
): Promise<BaseImages> {
  const wanted = { ...baseImagesIn(source.text('services/Dockerfile')), ...overrides };
  const refs = new Map<string, Promise<string>>();
  for (const name of Object.values(wanted)) refs.set(name, refs.get(name) ?? pin(name));
  const pinned = Object.entries(wanted).map(
    async ([argument, name]) => [argument, (await refs.get(name)) ?? name] as const,
  );
  return Object.fromEntries(await Promise.all(pinned)) as unknown as BaseImages;
}

async function pin(name: string): Promise<string> {
  if (name.includes('@')) return name;
  const ref = await dag
    .container()
    .from(name)
    .imageRef()
    .catch(() => name);
  return ref.includes('@sha256:') ? ref : name;
}
