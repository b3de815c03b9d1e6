import { createHash, randomUUID } from 'node:crypto';
import type { EnsuredImage } from '../../ci/src/images/ensure-images.ts';
import type { Change } from './stage.ts';

const accept = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Manifest {
  readonly config: { readonly digest: string; readonly size: number };
}

export function imageOf(service: string, images: readonly EnsuredImage[]): EnsuredImage {
  const image = images.find((it) => it.service === service);
  if (!image) throw new Error(`no image of ${service}`);
  return image;
}

/**
 * Pushes an image of a service that differs by its author alone, so that the node has it not and must ask
 * the registry; gives back the change that deploys it.
 */
export const newImage = (service: string, images: readonly EnsuredImage[]): Promise<Change> =>
  withConfig(service, images, { author: randomUUID() });

/** The same of an image that says it is made for another processor than this machine's. */
export const imageForOthers = (service: string, images: readonly EnsuredImage[]): Promise<Change> =>
  withConfig(service, images, { architecture: process.arch === 'x64' ? 'arm64' : 'amd64' });

/** A runtime knows an image by its configuration: two of the same are one, whatever their manifests. */
async function withConfig(
  service: string,
  images: readonly EnsuredImage[],
  more: object,
): Promise<Change> {
  const repository = new Repository(imageOf(service, images));
  const manifest = await repository.manifest();
  const config = await repository.json(`blobs/${manifest.config.digest}`);
  const blob = await repository.upload(JSON.stringify({ ...config, ...more }));
  const digest = await repository.put({ ...manifest, config: { ...manifest.config, ...blob } });
  return {
    images: (all) => all.map((it) => (it.service === service ? { ...it, digest } : it)),
  };
}

const digestOf = (body: string) => `sha256:${createHash('sha256').update(body).digest('hex')}`;

/** A service's repository in the local registry, as far as drills change it. */
class Repository {
  readonly #url: string;
  readonly #digest: string;
  #type = '';

  constructor({ repository, digest }: EnsuredImage) {
    const [host = '', ...path] = repository.split('/');
    this.#url = `http://${host}/v2/${path.join('/')}`;
    this.#digest = digest;
  }

  async manifest(): Promise<Manifest> {
    return (await this.json(`manifests/${this.#digest}`)) as Manifest;
  }

  async json(path: string): Promise<object> {
    const answer = await accepted(await fetch(`${this.#url}/${path}`, { headers: { accept } }));
    this.#type ||= answer.headers.get('content-type') ?? '';
    return (await answer.json()) as object;
  }

  async put(manifest: object): Promise<string> {
    const body = JSON.stringify(manifest);
    const digest = digestOf(body);
    const headers = { 'content-type': this.#type };
    const url = `${this.#url}/manifests/${digest}`;
    await accepted(await fetch(url, { method: 'PUT', headers, body }));
    return digest;
  }

  async upload(body: string): Promise<{ digest: string; size: number }> {
    const begun = await accepted(await fetch(`${this.#url}/blobs/uploads/`, { method: 'POST' }));
    const upload = new URL(begun.headers.get('location') ?? '', this.#url);
    const digest = digestOf(body);
    upload.searchParams.set('digest', digest);
    await accepted(await fetch(upload, { method: 'PUT', body }));
    return { digest, size: Buffer.byteLength(body) };
  }
}

async function accepted(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw new Error(`the registry took no image: ${answer.status} ${await answer.text()}`);
}
