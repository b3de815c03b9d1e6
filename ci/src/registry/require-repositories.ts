import { awsError } from '../aws/aws-error.ts';
import { DescribeRepositoriesCommand, type ECRClient } from '../aws/clients.ts';
import { PipelineError } from '../errors.ts';
import { type Registry, repositoryOf } from './reference.ts';

/**
 * Throws, with the command for each, if repositories of Amazon ECR are missing: unlike other
 * registries it makes none when an image is pushed, which would be found out after the builds.
 */
export async function requireRepositories(
  client: ECRClient,
  { registry, region }: { readonly registry: Registry; readonly region: string },
  services: readonly string[],
): Promise<void> {
  const names = services.map((service) =>
    repositoryOf(registry, service).slice(registry.host.length + 1),
  );
  // One call each: asked for all, ECR names only one that is missing.
  const there = await Promise.all(names.map((name) => exists(client, name, registry)));
  const missing = names.filter((_, index) => there[index] === false);
  if (missing.length === 0) return;
  const what = `${registry.host} has no repository ${missing.join(', ')}.`;
  const commands = missing.map((name) => createCommand(name, region));
  throw new PipelineError('REPOSITORY_MISSING', what, {
    cure: ['Create what is missing once, then try again:', ...commands].join('\n'),
  });
}

/** Undefined if these rights do not say: the push will. */
async function exists(
  client: ECRClient,
  name: string,
  { host }: Registry,
): Promise<boolean | undefined> {
  // The registry may be another account's.
  const [registryId] = /^\d{12}(?=\.)/.exec(host) ?? [];
  const asked = { repositoryNames: [name], ...(registryId ? { registryId } : {}) };
  try {
    await client.send(new DescribeRepositoriesCommand(asked));
    return true;
  } catch (error) {
    const { name: kind } = error as Error;
    if (kind === 'RepositoryNotFoundException') return false;
    if (kind === 'AccessDeniedException') return undefined;
    throw awsError(error);
  }
}

/** Tags are never overwritten, so ECR may as well see to it; each image is scanned as it comes. */
const createCommand = (name: string, region: string): string =>
  [
    `  aws ecr create-repository --region ${region} --repository-name ${name} \\`,
    '    --image-tag-mutability IMMUTABLE --image-scanning-configuration scanOnPush=true',
  ].join('\n');
