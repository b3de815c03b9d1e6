import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';

/** What a build needs to install packages the way this machine does; in no layer of any image. */
export interface BuildSecrets {
  /** Arguments for `buildah build`. */
  readonly args: readonly string[];
  remove(): Promise<void>;
}

/** Collects npm's registries, their credentials and its certificates, as they stand on this machine. */
export async function openBuildSecrets(
  env: NodeJS.ProcessEnv = process.env,
): Promise<BuildSecrets> {
  const listed = await run(['npm', 'config', 'list', '--json'], { env, timeoutMs: 30_000 });
  const config = JSON.parse(listed) as Readonly<Record<string, unknown>>;
  const userText = await readFile(String(config.userconfig), 'utf8').catch(() => '');
  const ca = config.cafile || env.NODE_EXTRA_CA_CERTS || env.SSL_CERT_FILE;

  const folder = await mkdtemp(join(tmpdir(), 'build-secrets-'));
  const npmrc = join(folder, 'npmrc');
  await writeFile(npmrc, npmrcOf(config, userText, env), { mode: 0o600 });
  const certificates = ca ? ['--secret', `id=ca,src=${ca}`] : [];
  return {
    args: ['--secret', `id=npmrc,src=${npmrc}`, ...certificates],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
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
