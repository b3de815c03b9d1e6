import { join } from 'node:path';
import type { EcrOptions } from '../options.ts';
import { RegistryClient } from './registry-client.ts';
import { Repositories } from './repositories.ts';
import { Tokens } from './tokens.ts';

/** What the operations of ECR share. */
export interface EcrService {
  readonly registry: RegistryClient;
  readonly repositories: Repositories;
  readonly account: string;
  readonly tokens: Tokens;
  readonly now: () => number;
}

export interface EcrServiceOptions extends EcrOptions {
  readonly region: string;
  readonly account: string;
  readonly folder: string;
  readonly now: () => number;
}

export function createEcrService(options: EcrServiceOptions): EcrService {
  const { region, account, now } = options;
  const registry = new RegistryClient(options.registry);
  const repositories = new Repositories({
    file: join(options.folder, 'ecr-repositories.json'),
    region,
    account,
    host: registry.host,
    known: options.repositories ?? [],
    now,
  });
  const tokens = options.tokens ?? new Tokens({ password: options.password, now });
  return { registry, repositories, account, tokens, now };
}
