import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Credentials } from '../../aws/credentials.ts';

const role = 'whatsthecraic-node';

/**
 * What EC2 tells an instance of its role, to callers with a token of the second version only, as
 * k8s/node asks for it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 */
export function instanceMetadata(credentials: Credentials): Server {
  const token = randomBytes(24).toString('base64url');
  const answers: Readonly<Record<string, () => string>> = {
    '/latest/meta-data/iam/security-credentials/': () => role,
    [`/latest/meta-data/iam/security-credentials/${role}`]: () =>
      JSON.stringify({
        Code: 'Success',
        Type: 'AWS-HMAC',
        AccessKeyId: credentials.accessKeyId,
        SecretAccessKey: credentials.secretAccessKey,
        Token: credentials.sessionToken,
        LastUpdated: new Date().toISOString(),
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      }),
  };
  return createServer((request, response) => {
    if (request.method === 'PUT' && request.url === '/latest/api/token') {
      response.writeHead(200, { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' }).end(token);
      return;
    }
    const known = request.headers['x-aws-ec2-metadata-token'] === token;
    const answer = answers[request.url ?? ''];
    response.writeHead(!known ? 401 : answer ? 200 : 404).end(known ? answer?.() : '');
  });
}
