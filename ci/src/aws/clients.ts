import { ECRClient } from '@aws-sdk/client-ecr';
import { SSMClient } from '@aws-sdk/client-ssm';

export interface AwsAccess {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Base URL of another endpoint than AWS' own. */
  readonly endpoint?: string;
}

const clientConfig = (access: AwsAccess) => ({
  region: access.region,
  credentials: {
    accessKeyId: access.accessKeyId,
    secretAccessKey: access.secretAccessKey,
    ...(access.sessionToken ? { sessionToken: access.sessionToken } : {}),
  },
  ...(access.endpoint ? { endpoint: access.endpoint } : {}),
  maxAttempts: 4,
  // Without the last one the time limit only writes a warning, and a silent server blocks for ever.
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
});

/** The only file that knows the SDK's packages: https://github.com/aws/aws-sdk-js-v3 */
export const createSsmClient = (access: AwsAccess): SSMClient =>
  new SSMClient(clientConfig(access));
export const createEcrClient = (access: AwsAccess): ECRClient =>
  new ECRClient(clientConfig(access));

export {
  DescribeRepositoriesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
export {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  type SSMClient,
  type SSMServiceException as ServiceException,
} from '@aws-sdk/client-ssm';
