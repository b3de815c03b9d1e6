import { parseDescription } from './platforms-of.ts';
import { formatReference, type ImageReference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';
import { RegistryError } from './registry-error.ts';

interface Blob {
  readonly digest?: string;
  readonly size?: number;
}

interface Described {
  readonly manifests?: readonly (Blob & {
    readonly platform?: { readonly os?: string; readonly architecture?: string };
  })[];
  readonly config?: Blob;
  readonly layers?: readonly Blob[];
}

/** Bytes of each blob that a node pulls, by its digest. */
export type Layers = ReadonlyMap<string, number>;

/** What a node of a platform pulls of an image; undefined if the registry has no such image for it. */
export async function layersOf(
  client: RegistryClient,
  image: ImageReference,
  platform: string,
): Promise<Layers | undefined> {
  const found = await client.manifest(image).catch((error: unknown) => {
    if (error instanceof RegistryError && error.status === 404) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const { manifests, config, layers = [] } = parseDescription(image, found.bytes) as Described;
  if (manifests) {
    const own = manifests.find(
      ({ platform: it }) => `${it?.os}/${it?.architecture}` === platform,
    )?.digest;
    return own === undefined ? undefined : layersOf(client, { ...image, digest: own }, platform);
  }
  return new Map(
    [...layers, ...(config ? [config] : [])].map(({ digest, size }) => {
      if (digest !== undefined && size !== undefined) return [digest, size];
      const what = `GET ${formatReference(image)}: a layer has no digest or no size`;
      throw new RegistryError('REGISTRY_PROTOCOL', what);
    }),
  );
}
