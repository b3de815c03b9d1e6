import { type Input, integer, objects, text, texts } from '../input.ts';
import { page } from '../paging.ts';
import { ecrConstraints, repositoryName } from './input.ts';
import { type TagMutability, tagMutabilities } from './repositories.ts';
import type { EcrService } from './service.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html */
export function describeRepositories(input: Input, ecr: EcrService): object {
  const names = texts(input, 'repositoryNames');
  const size = integer(input, 'maxResults') ?? 100;
  ecrConstraints()
    .length('repositoryNames', names, 1, 100)
    .range('maxResults', size, 1, 1_000)
    .throwIfAny();
  const { repositories } = ecr;
  const found = names ? names.map((name) => repositories.get(name)) : repositories.all();
  const { items, nextToken } = page(found, size, text(input, 'nextToken'));
  return {
    repositories: items.map((one) => repositories.shape(one)),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export function createRepository(input: Input, ecr: EcrService): object {
  const name = repositoryName(input);
  const tagMutability = text(input, 'imageTagMutability') ?? 'MUTABLE';
  const filters = objects(input, 'imageTagMutabilityExclusionFilters') ?? [];
  ecrConstraints()
    .oneOf('imageTagMutability', tagMutability, tagMutabilities)
    .length('imageTagMutabilityExclusionFilters', filters, 0, 5)
    .throwIfAny();
  const exclusions = filters.map((one) => text(one, 'filter') ?? '');
  const made = ecr.repositories.create({
    name,
    tagMutability: tagMutability as TagMutability,
    exclusions,
  });
  return { repository: ecr.repositories.shape(made) };
}
