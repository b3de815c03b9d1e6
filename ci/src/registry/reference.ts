/** Where the images go: one registry and the path below which each service has its repository. */
export interface Registry {
  /** `host[:port]`, as it stands in an image's name. */
  readonly host: string;
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  /** The repositories' common path, without slashes at its ends. */
  readonly prefix: string;
}

/** One image by its full name; `digest` wins over `tag` where both are there. */
export interface ImageReference {
  readonly host: string;
  readonly origin: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** A name that no registry would take. */
export class InvalidReference extends Error {
  override readonly name = 'InvalidReference';
  readonly code = 'INVALID_REFERENCE';
}

export const defaultPrefix = 'whatsthecraic';

// https://github.com/distribution/reference/blob/v0.6.0/regexp.go
const domain =
  /^(?:localhost|\[[0-9a-f:.]+\]|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::\d{1,5})?$/i;
const path = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** Reads `--registry`: `host[:port][/prefix]`, or the same behind `http://` or `https://`. */
export function parseRegistry(text: string): Registry {
  const { scheme, rest } = splitScheme(text.trim());
  const [host = '', ...segments] = rest.replace(/\/+$/, '').split('/');
  if (!isHost(host)) {
    throw new InvalidReference(
      `registry: expected host[:port][/prefix], such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com or localhost:5000, got ${JSON.stringify(text)}`,
    );
  }
  const prefix = segments.length === 0 ? defaultPrefix : segments.join('/');
  if (!path.test(prefix)) {
    throw new InvalidReference(
      `registry: expected a prefix of a-z 0-9 . _ - between single slashes, without a tag, got ${JSON.stringify(prefix)}`,
    );
  }
  return { host: host.toLowerCase(), origin: originOf(host.toLowerCase(), scheme), prefix };
}

/** The full name of a service's repository, without a tag. */
export const repositoryOf = (registry: Registry, service: string): string =>
  `${registry.host}/${registry.prefix}/${service}`;

/** A service's image in that registry. */
export const imageIn = (registry: Registry, service: string, tag?: string): ImageReference => ({
  host: registry.host,
  origin: registry.origin,
  repository: `${registry.prefix}/${service}`,
  ...(tag === undefined ? {} : { tag }),
});

/** Reads an image's name as Docker does: without a host it is Docker Hub's, without a tag `latest`. */
export function parseReference(text: string): ImageReference {
  const { scheme, rest } = splitScheme(text.trim());
  const [named = '', digest, ...more] = rest.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) {
    throw new InvalidReference(
      `image: expected @sha256:<64 hex digits> as the digest, got ${JSON.stringify(text)}`,
    );
  }
  const [, name = '', tag] = /^(.*?)(?::([^:/]*))?$/s.exec(named) ?? [];
  const [first = '', ...others] = name.split('/');
  const hasHost = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first.toLowerCase() : 'docker.io';
  const bare = hasHost ? others.join('/') : name;
  const repository = host === 'docker.io' && !bare.includes('/') ? `library/${bare}` : bare;
  if (!isHost(host) || !path.test(repository) || (tag !== undefined && !tagPattern.test(tag))) {
    throw new InvalidReference(
      `image: expected [host[:port]/]name[:tag][@digest], got ${JSON.stringify(text)}`,
    );
  }
  return {
    host,
    origin: originOf(host, scheme),
    repository,
    ...(digest === undefined ? { tag: tag ?? 'latest' } : { ...(tag ? { tag } : {}), digest }),
  };
}

/** The name by digest if there is one, else by tag. */
export function formatReference(image: ImageReference): string {
  const name = `${image.host}/${image.repository}`;
  if (image.digest !== undefined) return `${name}@${image.digest}`;
  return image.tag === undefined ? name : `${name}:${image.tag}`;
}

function splitScheme(text: string): { scheme: 'http' | 'https' | undefined; rest: string } {
  const match = /^(https?):\/\/(.*)$/s.exec(text);
  if (!match) return { scheme: undefined, rest: text };
  return { scheme: match[1] === 'http' ? 'http' : 'https', rest: match[2] ?? '' };
}

function isHost(host: string): boolean {
  if (!domain.test(host)) return false;
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
}

function originOf(host: string, scheme: 'http' | 'https' | undefined): string {
  // Docker Hub's images are named docker.io, its API answers elsewhere.
  if (host === 'docker.io') return 'https://registry-1.docker.io';
  return `${scheme ?? (isLoopback(host) ? 'http' : 'https')}://${host}`;
}

/** Docker speaks plain HTTP to loopback by itself: https://docs.docker.com/reference/cli/dockerd/#insecure-registries */
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
