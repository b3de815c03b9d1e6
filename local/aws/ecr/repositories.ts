import { readFileSync, writeFileSync } from 'node:fs';
import { AwsError } from '../errors.ts';

export const tagMutabilities = [
  'MUTABLE',
  'IMMUTABLE',
  'MUTABLE_WITH_EXCLUSION',
  'IMMUTABLE_WITH_EXCLUSION',
] as const;

export type TagMutability = (typeof tagMutabilities)[number];

export interface RepositoryOptions {
  readonly name: string;
  readonly tagMutability?: TagMutability;
  /** Tags, with `*` for any text, to which the opposite rule applies. */
  readonly exclusions?: readonly string[];
}

export interface Repository extends Required<RepositoryOptions> {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface RepositoriesOptions {
  /** Where they outlive the server. */
  readonly file: string;
  readonly region: string;
  readonly account: string;
  readonly host: string;
  readonly known: readonly RepositoryOptions[];
  readonly now: () => number;
}

/** The repositories that were created. ECR makes none by itself when an image is pushed. */
export class Repositories {
  readonly #options: RepositoriesOptions;
  readonly #byName = new Map<string, Repository>();

  constructor(options: RepositoriesOptions) {
    this.#options = options;
    for (const repository of read(options.file)) this.#byName.set(repository.name, repository);
    for (const repository of options.known) {
      if (!this.#byName.has(repository.name)) this.#put(repository);
    }
  }

  create(repository: RepositoryOptions): Repository {
    if (this.#byName.has(repository.name)) {
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${repository.name}' already exists in the registry with id '${this.#options.account}'`,
      );
    }
    const made = this.#put(repository);
    writeFileSync(this.#options.file, JSON.stringify(this.all()), { mode: 0o600 });
    return made;
  }

  get(name: string): Repository {
    const found = this.#byName.get(name);
    if (found) return found;
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${this.#options.account}'`,
    );
  }

  all(): Repository[] {
    return [...this.#byName.values()];
  }

  /** As DescribeRepositories and CreateRepository show it. */
  shape(repository: Repository): object {
    const { region, account, host } = this.#options;
    return {
      repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repository.name}`,
      registryId: account,
      repositoryName: repository.name,
      repositoryUri: `${host}/${repository.name}`,
      createdAt: repository.createdAt / 1_000,
      imageTagMutability: repository.tagMutability,
      ...(repository.exclusions.length === 0
        ? {}
        : {
            imageTagMutabilityExclusionFilters: repository.exclusions.map((filter) => ({
              filterType: 'WILDCARD',
              filter,
            })),
          }),
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
    };
  }

  #put(repository: RepositoryOptions): Repository {
    const { name, tagMutability = 'MUTABLE', exclusions = [] } = repository;
    const made = { name, tagMutability, exclusions, createdAt: this.#options.now() };
    this.#byName.set(name, made);
    return made;
  }
}

/** Whether a tag that exists may be given to another image. */
export function isImmutable(repository: Repository, tag: string): boolean {
  const immutable = repository.tagMutability.startsWith('IMMUTABLE');
  if (!repository.tagMutability.endsWith('_WITH_EXCLUSION')) return immutable;
  return repository.exclusions.some((filter) => matches(filter, tag)) ? !immutable : immutable;
}

function matches(filter: string, tag: string): boolean {
  const parts = filter.split('*').map((part) => part.replace(/[^\w-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(tag);
}

function read(file: string): Repository[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Repository[];
  } catch {
    return []; // The first start, before any was created.
  }
}
