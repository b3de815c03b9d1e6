import { required } from '../arguments.ts';
import { type AwsAccess, createEcrClient } from '../aws/clients.ts';
import { ecrLogin, isEcr } from '../aws/ecr-login.ts';
import { hide } from '../redact.ts';
import type { Credentials, CredentialsOf } from './credentials.ts';
import { type Layers, layersOf } from './layers-of.ts';
import { platformsOf } from './platforms-of.ts';
import { imageIn, parseRegistry, type Registry } from './reference.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';
import { requireRepositories } from './require-repositories.ts';

export interface RegistryArguments {
  /** `host[:port][/prefix]`, or the same behind `http://`. */
  readonly registry: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly aws?: AwsAccess | undefined;
}

/** A registry, the right to use it, and a client that has both. */
export interface OpenRegistry {
  readonly registry: Registry;
  readonly credentialsOf: CredentialsOf;
  readonly client: RegistryClient;
  /** For which platforms it has a service's image of that digest; undefined if it has none such. */
  readonly platformsOf: (image: {
    readonly service: string;
    readonly digest: string;
  }) => Promise<readonly string[] | undefined>;
  /** What a node of a platform pulls of it; undefined if there is none such for it. */
  readonly layersOf: (
    image: { readonly service: string; readonly digest: string },
    platform: string,
  ) => Promise<Layers | undefined>;
  /** Throws if the registry makes no repositories by itself and some of these services' are missing. */
  readonly requireRepositories: (services: readonly string[]) => Promise<void>;
}

/** Opens the registry that the arguments name; Amazon's takes AWS credentials in place of a user. */
export async function openRegistry(args: RegistryArguments): Promise<OpenRegistry> {
  const registry = parseRegistry(args.registry);
  const credentials = await credentialsFor(registry, args);
  hide(credentials?.password, args.aws?.secretAccessKey, args.aws?.sessionToken);
  // Base images come from elsewhere, and another registry must never see these credentials.
  const credentialsOf: CredentialsOf = (host) => (host === registry.host ? credentials : undefined);
  const { aws } = args;
  const client = createRegistryClient({ credentialsOf });
  return {
    registry,
    credentialsOf,
    client,
    platformsOf: ({ service, digest }) =>
      platformsOf(client, { ...imageIn(registry, service), digest }),
    layersOf: ({ service, digest }, platform) =>
      layersOf(client, { ...imageIn(registry, service), digest }, platform),
    async requireRepositories(services) {
      if (!aws || !isEcr(registry.host)) return;
      const where = { registry, region: aws.region };
      await requireRepositories(createEcrClient(aws), where, services);
    },
  };
}

async function credentialsFor(
  registry: Registry,
  { user, password, aws }: RegistryArguments,
): Promise<Credentials | undefined> {
  if (user) {
    const secret = required(password, '--registry-password', 'a --registry-user needs one.');
    return { user, password: secret.trim() };
  }
  if (!isEcr(registry.host)) return undefined;
  const access = required(aws, '--aws-access-key-id', `${registry.host} takes AWS credentials.`);
  return ecrLogin(createEcrClient(access));
}
