import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const limitMs = 10_000;

/**
 * The registry behind this ECR, so that every digest is a true one.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export class RegistryClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** A manifest by tag or digest, if there is one. */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const path = `${repository}/manifests/${encodeURIComponent(reference)}`;
    const response = await this.#send(path, { headers: { accept: manifestTypes.join(', ') } });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw this.#unexpected(response);
    const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
    return { digest: digestOf(text), mediaType, text };
  }

  async tags(repository: string): Promise<string[]> {
    const response = await this.#send(`${repository}/tags/list`, {});
    const answer = (await response.json()) as { tags?: string[] | null };
    if (response.status === 404) return [];
    if (!response.ok) throw this.#unexpected(response);
    return answer.tags ?? [];
  }

  /** Stores a manifest; gives back the registry's error code when it refuses. */
  async putManifest(
    repository: string,
    reference: string,
    manifest: Manifest,
  ): Promise<string | undefined> {
    const response = await this.#send(`${repository}/manifests/${encodeURIComponent(reference)}`, {
      method: 'PUT',
      headers: { 'content-type': manifest.mediaType },
      body: manifest.text,
    });
    const text = await response.text();
    if (response.ok) return undefined;
    if (response.status >= 500) throw this.#unexpected(response);
    const code = /"code":"(\w+)"/.exec(text)?.[1];
    return code ?? `HTTP ${response.status}`;
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.url}/v2/${path}`, {
        ...init,
        signal: AbortSignal.timeout(limitMs),
      });
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      console.error(`registry ${this.url}: ${String(cause)}`);
      throw new AwsError('ServerException', `The registry ${this.url} does not answer.`, 500);
    }
  }

  #unexpected(response: Response): AwsError {
    return new AwsError(
      'ServerException',
      `The registry ${this.url} answered ${response.status}.`,
      500,
    );
  }
}

export const digestOf = (text: string) =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;
