import type { EcrService } from './service.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
export function getAuthorizationToken(ecr: EcrService): object {
  const { password, expiresAt } = ecr.tokens.issue();
  return {
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: expiresAt / 1_000,
        proxyEndpoint: ecr.registry.url,
      },
    ],
  };
}
