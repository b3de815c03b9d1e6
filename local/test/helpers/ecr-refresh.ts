import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Credentials } from '../../aws/credentials.ts';
import { tryRun } from '../../run.ts';

const script = fileURLToPath(
  new URL('../../../k8s/node/files/usr/local/bin/ecr-refresh.sh', import.meta.url),
);

/**
 * The node's script with a real AWS CLI and a real kubectl, which both write down their arguments.
 * Debian's CLI is too old to take an endpoint from its environment.
 */
export async function ecrRefresh(options: {
  readonly folder: string;
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly endpoint: string;
  readonly role: Credentials;
}) {
  const bin = join(options.folder, 'refresh-bin');
  const seen = join(options.folder, 'arguments');
  await mkdir(bin, { recursive: true });
  const program = (name: string, text: string) =>
    writeFile(join(bin, name), `#!/bin/sh\necho "$0 $@" >>${seen}\n${text}\n`, { mode: 0o755 });
  await program('aws', `exec /usr/bin/aws --endpoint-url ${options.endpoint} "$@"`);
  await program('k3s', `shift\nexec ${options.kubectl} $REFRESH_OPTIONS "$@"`);
  return {
    run: (namespace: string, more: NodeJS.ProcessEnv = {}) =>
      tryRun(['sh', script, ...(namespace ? [namespace] : [])], {
        timeoutMs: 60_000,
        env: {
          PATH: `${bin}:/usr/bin:/bin`,
          HOME: options.folder,
          KUBECONFIG: options.kubeconfig,
          AWS_ACCESS_KEY_ID: options.role.accessKeyId,
          AWS_SECRET_ACCESS_KEY: options.role.secretAccessKey,
          AWS_SESSION_TOKEN: options.role.sessionToken,
          ...more,
        },
      }),
    /** All arguments of all programs. */
    seen: () => readFile(seen, 'utf8'),
  };
}
