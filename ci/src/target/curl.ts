import type { Probe } from './target.ts';

/** Arguments of curl for a probe from the node; the body is wanted whatever the status. */
export function curlArgs(probe: Probe): string[] {
  const common = ['--silent', '--show-error', '--max-time', '5'];
  const address = probe.address.includes(':') ? `[${probe.address}]` : probe.address;
  if (probe.via !== 'ingress') return [...common, `http://${address}:${probe.port}/health`];
  const scheme = probe.tls ? 'https' : 'http';
  const port = probe.tls ? 443 : 80;
  const resolve = ['--resolve', `${probe.host}:${port}:${address}`];
  return [...common, ...resolve, `${scheme}://${probe.host}/health`];
}
