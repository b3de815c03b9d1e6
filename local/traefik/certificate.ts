import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

/** Makes a certificate for these hosts that nobody signed but itself; gives back its path. */
export async function makeCertificate(folder: string, hosts: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [key, certificate] = [join(folder, 'hosts.key'), join(folder, 'hosts.crt')];
  const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`;
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run([
    ...['openssl', 'req', '-x509', ...curve, '-days', '2', '-subj', '/CN=self-made'],
    ...['-addext', names, '-keyout', key, '-out', certificate],
  ]);
  return certificate;
}
