import { curlArgs } from './curl.ts';
import type { DoubtfulCertificate, Probe } from './target.ts';

/**
 * POSIX sh that asks a host over TLS as its users do, and where curl refuses the certificate asks again
 * without it: which release answers is to be known either way. What the certificate says then goes to
 * standard error. A curl before 7.88 names no hosts.
 */
const script = `
curl "$@"
code=$?
[ $code -eq 60 ] || exit $code
{ curl --insecure --write-out '%{stderr}%{certs}' "$@" 2>&1 >&3 |
  grep 'Subject Alternative Name' >&2; } 3>&1
`;

/** The command that asks a host over TLS on the node. */
export const askHost = (probe: Probe): readonly string[] => [
  ...['sh', '-c', script, 'ask-host'],
  ...curlArgs(probe),
];

/** Reads what `askHost` printed to standard error about a certificate that curl refused. */
export function readCertificate(printed: string): DoubtfulCertificate | undefined {
  const problem = /^curl: \(60\) (.+)$/m.exec(printed)?.[1];
  if (problem === undefined) return undefined;
  // The server's own certificate comes first; those that it was signed with follow.
  const names = /Subject Alternative Name:\s*(.+)$/m.exec(printed)?.[1] ?? '';
  return { problem, names: [...names.matchAll(/DNS:([^\s,]+)/g)].map(([, name = '']) => name) };
}
