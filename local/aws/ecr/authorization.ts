import type { EcrService } from './service.ts';

const twelveHoursMs = 12 * 60 * 60_000;

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
export function getAuthorizationToken(ecr: EcrService): object {
  return {
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:${ecr.password}`).toString('base64'),
        expiresAt: (ecr.now() + twelveHoursMs) / 1_000,
        proxyEndpoint: ecr.registry.url,
      },
    ],
  };
}
