import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../exists.ts';
import type { Network } from '../network.ts';
import { writePrivateFile } from '../private-file.ts';
import { run } from '../run.ts';
import { certificateFile, kubeconfigFile, NODE_NAME, serverUrl } from './cluster.ts';

/**
 * Who may call the API server, with the groups that the server's own roles are bound to. DNS and the
 * provisioner run on the host as root beside these files, so less than `system:masters` would
 * protect nothing.
 */
const USERS = {
  admin: { user: 'admin', group: 'system:masters' },
  dns: { user: 'dns', group: 'system:masters' },
  provisioner: { user: 'provisioner', group: 'system:masters' },
  'controller-manager': { user: 'system:kube-controller-manager', group: '' },
  scheduler: { user: 'system:kube-scheduler', group: '' },
  proxy: { user: 'system:kube-proxy', group: '' },
  kubelet: { user: `system:node:${NODE_NAME}`, group: 'system:nodes' },
} as const;

type UserName = keyof typeof USERS;

export const tokenFile = (folder: string) => join(folder, 'credentials', 'tokens.csv');
export const serviceAccountKeyFile = (folder: string) =>
  join(folder, 'credentials', 'service-accounts.key');
export const kubeletClientKeyFile = (folder: string) =>
  join(folder, 'credentials', 'kubelet-client.key');
export const kubeletClientCertificateFile = (folder: string) =>
  join(folder, 'credentials', 'kubelet-client.crt');

/** Makes the random credentials of a new cluster; those of one that was there before stay. */
export async function makeCredentials(folder: string): Promise<void> {
  if (await exists(tokenFile(folder))) return;
  await mkdir(join(folder, 'credentials'), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  await writePrivateFile(serviceAccountKeyFile(folder), privateKey);
  // The API server's proof towards the kubelet, which otherwise would take commands from any pod.
  const files = [
    ['-keyout', kubeletClientKeyFile(folder)],
    ['-out', kubeletClientCertificateFile(folder)],
  ].flat();
  const subject = ['-subj', '/O=system:masters/CN=kube-apiserver', '-days', '3650'];
  await run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
    timeoutMs: 30_000,
  });
  const lines = Object.entries(USERS).map(([name, { user, group }]) => {
    const token = randomBytes(32).toString('hex');
    return `${token},${user},${name},"${group}"`;
  });
  // Last, because its presence says that all of them are there.
  await writePrivateFile(tokenFile(folder), `${lines.join('\n')}\n`);
}

/** Writes a kubeconfig for each user, once the API server has made its certificate. */
export async function writeKubeconfigs(
  folder: string,
  context: string,
  network: Network,
): Promise<void> {
  const authority = (await readFile(certificateFile(folder))).toString('base64');
  for (const name of Object.keys(USERS) as UserName[]) {
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: context,
          cluster: { server: serverUrl(network), 'certificate-authority-data': authority },
        },
      ],
      users: [{ name, user: { token: await tokenOf(folder, name) } }],
      contexts: [{ name: context, context: { cluster: context, user: name } }],
      'current-context': context,
    };
    const text = JSON.stringify(config, null, 2);
    await writePrivateFile(kubeconfigFile(folder, name), `${text}\n`);
  }
}

/** The token of one user. */
export async function tokenOf(folder: string, name: UserName): Promise<string> {
  const text = await readFile(tokenFile(folder), 'utf8');
  const line = text.split('\n').find((candidate) => candidate.split(',')[2] === name);
  return line?.split(',')[0] ?? '';
}
