import { isLoopback } from './loopback.ts';

/** How a browser is known again that was sent to Spotify. */
export interface BrowserCookie {
  /** What the browser bears, if it is one of ours. */
  read(header: string | undefined): string | undefined;
  set(value: string, lifeSeconds: number): string;
  clear(): string;
}

const VALUE = /^[\w-]{43}$/;

/**
 * Bound to this very host where there is TLS (RFC 6265bis §4.1.3.2), or none is needed. `Lax`, since
 * Spotify's page sends the browser back to us.
 */
export function createBrowserCookie(publicUrl: string): BrowserCookie {
  const { protocol, hostname } = new URL(publicUrl);
  const isSecure = protocol === 'https:' || isLoopback(hostname);
  const name = isSecure ? '__Host-spotify' : 'spotify';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    read(header = '') {
      for (const part of header.split(';')) {
        const [key = '', value = ''] = part.trim().split('=', 2);
        if (key === name && VALUE.test(value)) return value;
      }
      return undefined;
    },
    set: (value, lifeSeconds) => `${name}=${value}; ${attributes}; Max-Age=${lifeSeconds}`,
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
  };
}
