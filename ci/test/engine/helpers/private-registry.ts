import type { ExecutionContext } from 'ava';
import { digest, type RegistryUser, testRegistry } from '../../aws/helpers/test-registry.ts';
import { type Chain, step } from './chain.ts';
import type { Published } from './engine-value.ts';

export const registryUser: RegistryUser = {
  user: 'pusher',
  password: 'pushes-of-a-test',
  hash: '$2b$04$aYvPVR7oQlajLiLV2iGEEOpAHgpTmn/n2S6zYe.ioWQW8cMsDwET.',
};

export interface PrivateRegistry {
  readonly host: string;
  /** Pushes a small image as the engine would, by the credentials on the container. */
  publish(published: Published, object: (id: unknown) => Chain): Promise<string>;
  /** Digest that a tag names; undefined if there is none. */
  digestOf(service: string, tag: string): Promise<string | undefined>;
  /** The platforms of the index that a tag names; none if it names no index. */
  platformsOf(service: string, tag: string): Promise<readonly string[]>;
}

/** A real registry that takes one user only. */
export async function privateRegistry(t: ExecutionContext): Promise<PrivateRegistry> {
  const registry = await testRegistry(t, registryUser);
  const { host } = new URL(registry.url);
  const put = async (path: string, reference: string, type: string, body: string, by: string) => {
    const stored = await fetch(`${registry.url}/v2/${path}/manifests/${reference}`, {
      method: 'PUT',
      headers: { authorization: by, 'content-type': type },
      body,
    });
    if (stored.status !== 201) throw new Error(`${stored.status} ${stored.statusText}`);
  };
  const find = (service: string, tag: string) =>
    fetch(`${registry.url}/v2/craic/${service}/manifests/${tag}`, {
      headers: {
        authorization: `Basic ${btoa(`${registryUser.user}:${registryUser.password}`)}`,
        accept: `${image}, ${index}`,
      },
    });
  return {
    host,
    async publish({ address, by, variants }, object) {
      const auth = step(by, 'withRegistryAuth').args;
      if (auth.address !== address) throw new Error('401 Unauthorized: other address');
      const password = step(object(auth.secret), 'setSecret').args.plaintext;
      const authorization = `Basic ${btoa(`${auth.username}:${password}`)}`;
      const [, path = '', tag = ''] = /^[^/]+\/(.*):([^:]+)$/.exec(address) ?? [];
      const manifests = [];
      for (const container of variants ?? [by]) {
        const platform = String(step(container, 'dockerBuild').args.platform);
        const pushed = await registry.image(path, `${address} ${platform}`, { authorization });
        await put(path, variants ? pushed.digest : tag, image, pushed.manifest, authorization);
        const [os, architecture] = platform.split('/');
        const size = pushed.manifest.length;
        manifests.push({
          ...{ mediaType: image, digest: pushed.digest, size },
          platform: { os, architecture },
        });
      }
      if (!variants) return manifests[0]?.digest ?? '';
      const body = JSON.stringify({ schemaVersion: 2, mediaType: index, manifests });
      await put(path, tag, index, body, authorization);
      return digest(body);
    },
    async digestOf(service, tag) {
      const found = await find(service, tag);
      return found.ok ? (found.headers.get('docker-content-digest') ?? undefined) : undefined;
    },
    async platformsOf(service, tag) {
      const { manifests = [] } = (await (await find(service, tag)).json()) as Index;
      return manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`);
    },
  };
}

const image = 'application/vnd.oci.image.manifest.v1+json';
const index = 'application/vnd.oci.image.index.v1+json';

interface Index {
  readonly manifests?: readonly { readonly platform: { os: string; architecture: string } }[];
}
