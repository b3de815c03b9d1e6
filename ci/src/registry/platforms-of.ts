import { formatReference, type ImageReference } from './reference.ts';
import type { RegistryClient } from './registry-client.ts';
import { RegistryError } from './registry-error.ts';

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
}

interface Described {
  readonly manifests?: readonly { readonly platform?: Platform }[];
  readonly config?: { readonly digest?: string };
}

/** For which platforms a registry has an image, such as `linux/arm64`; undefined if it has none such. */
export async function platformsOf(
  client: RegistryClient,
  image: ImageReference,
): Promise<readonly string[] | undefined> {
  const found = await client.manifest(image).catch((error: unknown) => {
    if (error instanceof RegistryError && error.status === 404) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const { manifests, config } = parseDescription(image, found.bytes) as Described;
  if (manifests) return manifests.flatMap(({ platform }) => nameOf(platform));
  if (config?.digest === undefined) return [];
  return nameOf(parseDescription(image, await client.blob(image, config.digest)) as Platform);
}

/** What accompanies images, such as attestations, is for `unknown/unknown`. */
const nameOf = ({ os, architecture }: Platform = {}): readonly string[] =>
  os && architecture && os !== 'unknown' ? [`${os}/${architecture}`] : [];

/** Reads a manifest, an index or a configuration as JSON. */
export function parseDescription(image: ImageReference, bytes: Uint8Array): object {
  try {
    return Object(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    const what = `GET ${formatReference(image)}: what describes the image is no JSON`;
    throw new RegistryError('REGISTRY_PROTOCOL', what, undefined, { cause: error });
  }
}
