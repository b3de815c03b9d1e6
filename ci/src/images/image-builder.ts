import type { Credentials } from '../registry/credentials.ts';
import type { Labels } from './labels.ts';

/** One image to build from `services/Dockerfile` and to push under one tag. */
export interface BuildRequest {
  readonly service: string;
  /** `host[:port]/path`, without a tag. */
  readonly repository: string;
  readonly tag: string;
  readonly labels: Labels;
  /** All build arguments, `SERVICE` and the base images by digest among them. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Such as `linux/amd64`; with more than one, the tag names an index. */
  readonly platforms: readonly string[];
  readonly sourceFolder: string;
  /** Whether the registry is spoken to without TLS. */
  readonly plainHttp: boolean;
  readonly credentials?: Credentials;
  readonly signal?: AbortSignal;
}

/** What builds images: Dagger's engine, or buildah on one machine. */
export interface ImageBuilder {
  /** Builds and pushes; gives back the digest of what the tag then names. */
  publish(request: BuildRequest): Promise<{ readonly digest: string }>;
}
