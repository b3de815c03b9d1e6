import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

/** How this machine installs packages; secret, since registries' credentials are part of it. */
export interface PackageSettings {
  /** npm's user configuration. */
  readonly npmrc: string;
  /** File of certificates to trust besides the public ones. */
  readonly certificates: string | undefined;
}

/** Collects npm's registries, their credentials and its certificates, as they stand on this machine. */
export async function readPackageSettings(
  env: NodeJS.ProcessEnv = process.env,
): Promise<PackageSettings> {
  const listed = await run(['npm', 'config', 'list', '--json'], { env, timeoutMs: 30_000 });
  const config = JSON.parse(listed) as Readonly<Record<string, unknown>>;
  const userText = await readFile(String(config.userconfig), 'utf8').catch(() => '');
  const certificates = config.cafile || env.NODE_EXTRA_CA_CERTS || env.SSL_CERT_FILE;
  return {
    npmrc: npmrcOf(config, userText, env),
    certificates: certificates ? String(certificates) : undefined,
  };
}

/** Puts the settings into a private folder; gives back the arguments that hand them to a build. */
export async function buildSecrets(
  { npmrc, certificates }: PackageSettings,
  folder: string,
): Promise<readonly string[]> {
  const file = join(folder, 'npmrc');
  await writeFile(file, npmrc, { mode: 0o600 });
  return [
    ...['--secret', `id=npmrc,src=${file}`],
    ...(certificates ? ['--secret', `id=ca,src=${certificates}`] : []),
  ];
}

const matters = /^(?:@[^:]+:registry|registry|proxy|https-proxy)$/;

/** Registries, proxies and credentials; what else a user has set is about this machine only. */
export function npmrcOf(
  config: Readonly<Record<string, unknown>>,
  userText: string,
  env: NodeJS.ProcessEnv,
): string {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (matters.test(key) && typeof value === 'string') lines.push(`${key}=${value}`);
  }
  // npm lists no credentials; their lines begin with the registry: //host/:_authToken=…
  for (const line of userText.split('\n')) {
    if (!line.trimStart().startsWith('//')) continue;
    lines.push(line.trim().replace(/\$\{(\w+)\}/g, (whole, name) => env[name] ?? whole));
  }
  return `${lines.join('\n')}\n`;
}
