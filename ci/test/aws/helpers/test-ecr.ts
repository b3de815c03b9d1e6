import { PutImageCommand } from '@aws-sdk/client-ecr';
import type { ExecutionContext } from 'ava';
import type { RepositoryOptions } from '../../../../local/aws/ecr/repositories.ts';
import { testAws } from './test-aws.ts';
import { type TestImage, testRegistry } from './test-registry.ts';

export const repositoryName = 'whatsthecraic/auth-service';

/** An ECR before a registry of its own. */
export async function testEcr(t: ExecutionContext, repository: Partial<RepositoryOptions> = {}) {
  const registry = await testRegistry(t);
  const repositories = [{ name: repositoryName, ...repository }];
  const aws = await testAws(t, {
    ecr: { registry: registry.url, password: 'of-a-test', repositories },
  });
  const ecr = aws.ecr();
  const put = ({ manifest }: TestImage, imageTag: string) =>
    ecr.send(new PutImageCommand({ repositoryName, imageManifest: manifest, imageTag }));
  return { registry, ecr, put };
}
