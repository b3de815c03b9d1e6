/** Hosts that browsers take for as safe as TLS: https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
