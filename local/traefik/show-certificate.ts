import { rename, writeFile } from 'node:fs/promises';

/** Tells Traefik, which follows the file, to show the certificate, or none where there is none. */
export async function showCertificate(file: string, certificate?: string): Promise<void> {
  const tls = certificate
    ? { certificates: [{ certFile: certificate, keyFile: certificate.replace(/crt$/, 'key') }] }
    : {};
  // Whole or not at all: Traefik reads it while it is written. JSON is YAML.
  await writeFile(`${file}.new`, JSON.stringify(certificate ? { tls } : {}), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
