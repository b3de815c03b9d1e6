import { PipelineError } from '../errors.ts';
import { awsError } from './aws-error.ts';
import { type ECRClient, GetAuthorizationTokenCommand } from './clients.ts';

/** Whether a registry is Amazon's: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
export const isEcr = (host: string): boolean =>
  /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host);

export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

/** Trades AWS credentials for registry credentials, which live for twelve hours. */
export async function ecrLogin(client: ECRClient): Promise<RegistryLogin> {
  const answer = await client.send(new GetAuthorizationTokenCommand({})).catch((error) => {
    throw awsError(error);
  });
  const token = answer.authorizationData?.[0]?.authorizationToken;
  const text = token ? Buffer.from(token, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 1) throw new PipelineError('AWS_DENIED', 'ECR handed out no authorization token.');
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
