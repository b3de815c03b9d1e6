import type { ExecutionContext } from 'ava';
import { type RegistryUser, testRegistry } from '../../aws/helpers/test-registry.ts';
import { type Chain, step } from './chain.ts';

export const registryUser: RegistryUser = {
  user: 'pusher',
  password: 'pushes-of-a-test',
  hash: '$2b$04$aYvPVR7oQlajLiLV2iGEEOpAHgpTmn/n2S6zYe.ioWQW8cMsDwET.',
};

export interface PrivateRegistry {
  readonly host: string;
  /** Pushes a small image as the engine would, by the credentials on the container. */
  publish(
    containers: readonly Chain[],
    address: string,
    object: (id: unknown) => Chain,
  ): Promise<string>;
  /** Digest that a tag names; undefined if there is none. */
  digestOf(service: string, tag: string): Promise<string | undefined>;
}

/** A real registry that takes one user only. */
export async function privateRegistry(t: ExecutionContext): Promise<PrivateRegistry> {
  const registry = await testRegistry(t, registryUser);
  const { host } = new URL(registry.url);
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  return {
    host,
    async publish(containers, address, object) {
      const [container = []] = containers;
      const auth = step(container, 'withRegistryAuth').args;
      if (auth.address !== address) throw new Error('401 Unauthorized: other address');
      const password = step(object(auth.secret), 'setSecret').args.plaintext;
      const [, path = '', tag = ''] = /^[^/]+\/(.*):([^:]+)$/.exec(address) ?? [];
      const authorization = `Basic ${btoa(`${auth.username}:${password}`)}`;
      const { manifest, digest } = await registry.image(path, address, { authorization });
      const stored = await fetch(`${registry.url}/v2/${path}/manifests/${tag}`, {
        method: 'PUT',
        headers: { authorization, 'content-type': accept },
        body: manifest,
      });
      if (stored.status !== 201) throw new Error(`${stored.status} ${stored.statusText}`);
      return digest;
    },
    async digestOf(service, tag) {
      const authorization = `Basic ${btoa(`${registryUser.user}:${registryUser.password}`)}`;
      const url = `${registry.url}/v2/craic/${service}/manifests/${tag}`;
      const found = await fetch(url, { method: 'HEAD', headers: { authorization, accept } });
      return found.ok ? (found.headers.get('docker-content-digest') ?? undefined) : undefined;
    },
  };
}
