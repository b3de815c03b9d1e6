import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Directory, dag, type File, type GitRepository, type Secret } from '@dagger.io/dagger';
import { required } from '../arguments.ts';
import type { AwsAccess } from '../aws/clients.ts';
import type { GitState } from '../source/git.ts';

/** The platform of the engine itself, such as linux/amd64. */
export const defaultPlatform = (): Promise<string> => dag.defaultPlatform();

/** The program that renders manifests and speaks to a kubeconfig's cluster; k3s 1.34 is its peer. */
const kubectlImage = 'registry.k8s.io/kubectl:v1.34.2';

/** A function may export into its working directory, which is empty and its own. */
const ownFolder = (name: string): Promise<string> => mkdtemp(join(process.cwd(), `${name}-`));

/**
 * Takes a folder out of the engine. The function is a Node process: from here on files are read and
 * programs run as in any other, which costs milliseconds where a container costs a second.
 */
export async function takeOut(folder: Directory): Promise<string> {
  const path = join(await ownFolder('source'), 'tree');
  await folder.export(path);
  return path;
}

/** Takes kubectl out of its image, or takes the file given, and gives its path. */
export async function takeKubectl(file: File | undefined): Promise<string> {
  const path = join(await ownFolder('kubectl'), 'kubectl');
  const program = file ?? dag.container().from(kubectlImage).file('/bin/kubectl');
  await program.export(path);
  await chmod(path, 0o755);
  return path;
}

/** Writes a kubeconfig to a file that only this function can read; undefined if there is none. */
export async function takeKubeconfig(secret: Secret | undefined): Promise<string | undefined> {
  if (!secret) return undefined;
  const path = join(await ownFolder('kubeconfig'), 'config');
  await writeFile(path, await secret.plaintext(), { mode: 0o600 });
  return path;
}

export interface AwsInputs {
  readonly region: string;
  readonly accessKeyId: Secret | undefined;
  readonly secretAccessKey: Secret | undefined;
  readonly sessionToken: Secret | undefined;
  readonly endpoint: string | undefined;
}

/** Reads the AWS credentials; undefined where none are given. */
export async function readAws(inputs: AwsInputs): Promise<AwsAccess | undefined> {
  const { accessKeyId: given, secretAccessKey: secret, sessionToken: token } = inputs;
  if (!given && !secret && !token) return undefined;
  const id = required(given, '--aws-access-key-id', 'the other AWS credentials need it.');
  const key = required(secret, '--aws-secret-access-key', 'the id needs its key.');
  const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all(
    [id, key, token].map(async (it) => (await it?.plaintext())?.trim()),
  );
  return {
    region: inputs.region,
    accessKeyId: required(accessKeyId, '--aws-access-key-id', 'the secret that it names is empty.'),
    secretAccessKey: required(
      secretAccessKey,
      '--aws-secret-access-key',
      'the secret that it names is empty.',
    ),
    ...(sessionToken ? { sessionToken } : {}),
    ...(inputs.endpoint ? { endpoint: inputs.endpoint } : {}),
  };
}

/** Asks the engine what git says of the checkout; a repository without a commit says nothing. */
export async function readGit(repository: GitRepository): Promise<GitState> {
  const head = repository.head();
  const [sha, ref, clean] = await Promise.all([
    head.commit().catch(() => undefined),
    head.ref().catch(() => undefined),
    repository
      .uncommitted()
      .isEmpty()
      .catch(() => false),
  ]);
  return { sha, ref, dirty: !clean };
}
