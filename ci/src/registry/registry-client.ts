import { createHash } from 'node:crypto';
import { type Access, createAuthorizer } from './authorizer.ts';
import { type Answer, type Bounds, boundedFetch, defaultBounds } from './bounded-fetch.ts';
import type { CredentialsOf } from './credentials.ts';
import { formatReference, type ImageReference } from './reference.ts';
import { errorOfAnswer, RegistryError } from './registry-error.ts';

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** Byte for byte: the digest is of these. */
  readonly bytes: Uint8Array;
}

/** Asks OCI registries about images and names them; pushes no layers. */
export interface RegistryClient {
  /** The digest that a name stands for, `undefined` if the registry has no such image. */
  resolve(image: ImageReference, signal?: AbortSignal): Promise<string | undefined>;
  /** The manifest or index behind a name. */
  manifest(image: ImageReference, signal?: AbortSignal): Promise<Manifest>;
  /** What lies under a digest in an image's repository, such as its configuration. */
  blob(image: ImageReference, digest: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Names an image by a second tag, unless the tag is there; gives back the digest that it has. */
  tagOnce(image: ImageReference, tag: string, signal?: AbortSignal): Promise<string>;
}

export interface RegistryClientOptions {
  readonly credentialsOf?: CredentialsOf;
  readonly fetch?: typeof fetch;
  readonly random?: () => number;
  readonly bounds?: Partial<Bounds>;
}

const mediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const effects = {
    fetch: options.fetch ?? fetch,
    random: options.random ?? Math.random,
    bounds: { ...defaultBounds, ...options.bounds },
  };
  const authorizer = createAuthorizer(options.credentialsOf ?? (() => undefined), effects);

  async function call(
    image: ImageReference,
    access: Access,
    init: { method: string; headers?: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
    signal: AbortSignal | undefined,
    path = `manifests/${image.digest ?? image.tag ?? 'latest'}`,
  ): Promise<Answer> {
    const url = `${image.origin}/v2/${image.repository}/${path}`;
    const what = `${init.method} ${formatReference(image)}`;
    const attempt = (authorization: string | undefined) =>
      boundedFetch(
        what,
        url,
        { ...init, headers: { ...init.headers, ...(authorization ? { authorization } : {}) } },
        effects,
        signal,
      );
    const known = authorizer.known(image, access);
    const first = await attempt(known);
    if (first.status !== 401) return first;
    return attempt(await authorizer.answer(image, access, first, signal));
  }

  async function resolve(image: ImageReference, signal?: AbortSignal) {
    const init = { method: 'HEAD', headers: { accept: mediaTypes.join(', ') } };
    const answer = await call(image, 'pull', init, signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusal('HEAD', image, answer);
    const digest = answer.headers.get('docker-content-digest');
    // The header is optional in the specification; the content always tells.
    return digest !== null && isDigest(digest) ? digest : (await manifest(image, signal)).digest;
  }

  async function manifest(image: ImageReference, signal?: AbortSignal): Promise<Manifest> {
    const init = { method: 'GET', headers: { accept: mediaTypes.join(', ') } };
    const answer = await call(image, 'pull', init, signal);
    if (answer.status !== 200) throw refusal('GET', image, answer);
    const digest = `sha256:${createHash('sha256').update(answer.body).digest('hex')}`;
    if (image.digest !== undefined && image.digest !== digest) {
      throw new RegistryError(
        'REGISTRY_PROTOCOL',
        `GET ${formatReference(image)}: the content's digest is ${digest}`,
      );
    }
    const mediaType = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    if (!mediaTypes.includes(mediaType)) {
      throw new RegistryError(
        'REGISTRY_PROTOCOL',
        `GET ${formatReference(image)}: expected an image manifest or index, got ${mediaType || 'no media type'}`,
      );
    }
    return { digest, mediaType, bytes: answer.body };
  }

  async function blob(image: ImageReference, digest: string, signal?: AbortSignal) {
    const answer = await call(image, 'pull', { method: 'GET' }, signal, `blobs/${digest}`);
    if (answer.status !== 200) throw refusal('GET', image, answer);
    return answer.body;
  }

  async function tagOnce(image: ImageReference, tag: string, signal?: AbortSignal) {
    const { digest: _, ...named } = { ...image, tag };
    const there = await resolve(named, signal);
    if (there !== undefined) return there;
    const { digest, mediaType, bytes } = await manifest(image, signal);
    const init = {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: Buffer.from(bytes),
    };
    const answer = await call(named, 'pull,push', init, signal);
    if (answer.status === 201 || answer.status === 200) return digest;
    const error = refusal('PUT', named, answer);
    // Another run was quicker, and the registry forbids to move a tag: what is there holds.
    const winner =
      error.code === 'REGISTRY_IMMUTABLE_TAG' ? await resolve(named, signal) : undefined;
    if (winner !== undefined) return winner;
    throw error;
  }

  return { resolve, manifest, blob, tagOnce };
}

const isDigest = (text: string) => /^sha256:[0-9a-f]{64}$/.test(text);

const refusal = (method: string, image: ImageReference, answer: Answer) =>
  errorOfAnswer(
    `${method} ${formatReference(image)}`,
    answer.status,
    Buffer.from(answer.body).toString('utf8'),
  );
