import { PipelineError } from '../errors.ts';
import type { ServiceException } from './clients.ts';

const denied = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'ExpiredTokenException',
  'ExpiredToken',
  'RequestExpired',
]);

const throttled = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RateExceeded',
]);

/** Turns what the AWS SDK throws into an error that says what to do. */
export function awsError(error: unknown): PipelineError {
  if (error instanceof PipelineError) return error;
  const { name, message } =
    error instanceof Error ? error : { name: 'UnknownError', message: String(error) };
  if (denied.has(name)) {
    return new PipelineError('AWS_DENIED', `AWS refused the call: ${name}: ${message}`, {
      cure: 'Check --aws-access-key-id, --aws-secret-access-key and --aws-session-token: right account, not expired, and allowed to use SSM and ECR.',
      cause: error,
    });
  }
  if (name === 'InvalidInstanceId') {
    return new PipelineError(
      'INSTANCE_OFFLINE',
      `AWS cannot send commands to this instance: ${message}`,
      {
        cure: 'Check --instance-id and --region, and that the instance runs with a connected SSM agent.',
        cause: error,
      },
    );
  }
  return new PipelineError('AWS_UNREACHABLE', `The call to AWS failed: ${name}: ${message}`, {
    cure: 'See https://health.aws.amazon.com and the network, then try again.',
    cause: error,
  });
}

/**
 * Whether a call that failed, though the SDK had tried it several times, may succeed later: a limit
 * of calls, a fault of AWS, a network that is away.
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error) || denied.has(error.name)) return false;
  const { $fault: fault, $retryable: retryable } = error as Partial<ServiceException>;
  return fault !== 'client' || retryable !== undefined || throttled.has(error.name);
}
