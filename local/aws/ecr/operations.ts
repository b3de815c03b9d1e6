import type { Operation } from '../operation.ts';
import { getAuthorizationToken } from './authorization.ts';
import { batchGetImage } from './batch-get-image.ts';
import { describeImages } from './describe-images.ts';
import { putImage } from './put-image.ts';
import { createRepository, describeRepositories } from './repository-operations.ts';
import type { EcrService } from './service.ts';

/** The actions of `X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.*`. */
export function ecrOperations(ecr: EcrService): ReadonlyMap<string, Operation> {
  return new Map<string, Operation>([
    ['BatchGetImage', (input) => batchGetImage(input, ecr)],
    ['CreateRepository', (input) => createRepository(input, ecr)],
    ['DescribeImages', (input) => describeImages(input, ecr)],
    ['DescribeRepositories', (input) => describeRepositories(input, ecr)],
    ['GetAuthorizationToken', () => getAuthorizationToken(ecr)],
    ['PutImage', (input) => putImage(input, ecr)],
  ]);
}
