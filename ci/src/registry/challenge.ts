/** What a `WWW-Authenticate` header asks for. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

/**
 * Reads a `WWW-Authenticate` header (RFC 9110 §11.6.1); Bearer as registries use it wins over Basic.
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export function parseChallenge(header: string | null): Challenge | undefined {
  if (!header) return undefined;
  const bearer = /(?:^|,)\s*bearer\s+(.*)$/i.exec(header)?.[1];
  if (bearer !== undefined) {
    const realm = parameter(bearer, 'realm');
    if (realm !== undefined)
      return { scheme: 'bearer', realm, service: parameter(bearer, 'service') };
  }
  return /(?:^|,)\s*basic(?:\s|$)/i.test(header) ? { scheme: 'basic' } : undefined;
}

function parameter(text: string, name: string): string | undefined {
  const match = new RegExp(
    `(?:^|[,\\s])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`,
    'i',
  ).exec(text);
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2];
}
