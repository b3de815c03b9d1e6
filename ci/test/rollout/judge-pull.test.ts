import test from 'ava';
import { isBareBackOff, judgePull } from '../../src/rollout/judge-pull.ts';

// Digests hold 401, 403, "dead" and "beef" on purpose: a name must not be read as an answer.
const digest = `sha256:${'403beef401dead'.repeat(5).slice(0, 64)}`;
const ecr = `123456789401.dkr.ecr.eu-west-1.amazonaws.com/whatsthecraic/dj-service@${digest}`;
const local = `127.0.0.1:5000/whatsthecraic/dj-service@${digest}`;
const url = `https://123456789401.dkr.ecr.eu-west-1.amazonaws.com/v2/whatsthecraic/dj-service/manifests/${digest}`;
const pulling = (image: string) =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;

const messages = {
  'failed IMAGE_NOT_FOUND': [
    // containerd 1.6, 1.7, 2.x with docker-registry and with ECR
    `rpc error: code = NotFound desc = ${pulling(local)}: ${local}: not found`,
    `rpc error: code = NotFound desc = ${pulling(ecr)}: ${ecr}: not found`,
    `rpc error: code = Unknown desc = ${pulling(local)}: ${local}: not found`,
    `Back-off pulling image "${ecr}": ErrImagePull: rpc error: code = NotFound desc = ${pulling(ecr)}: ${ecr}: not found`,
    `${pulling(ecr)}: unexpected status from HEAD request to ${url}: 404 Not Found`,
    'manifest unknown: manifest unknown',
    'manifest unknown: Requested image not found',
    'name unknown: repository name not known to registry',
    "name unknown: The repository with name 'whatsthecraic/dj-service' does not exist in the registry with id '123456789401'",
    // cri-o, docker
    'reading manifest v1 in registry.example.com/app: manifest unknown',
    'Error response from daemon: manifest for registry/app:1 not found: manifest unknown: manifest unknown',
  ],
  'suspect IMAGE_DENIED': [
    `rpc error: code = Unknown desc = ${pulling(ecr)}: unexpected status from HEAD request to ${url}: 403 Forbidden`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: unexpected status from HEAD request to ${url}: 401 Unauthorized`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: pulling from host 123456789401.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests ${digest}]: 401 Unauthorized`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: pulling from host x failed with status code [manifests ${digest}]: 403 Forbidden`,
    `${pulling(ecr)}: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
    `${pulling('docker.io/library/private:1')}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token: 401 Unauthorized',
    'failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden',
    'denied: Your authorization token has expired. Reauthenticate and try again.',
    'denied: User: arn:aws:sts::123456789012:assumed-role/node is not authorized to perform: ecr:BatchGetImage',
    'no basic auth credentials',
    'unauthorized: authentication required',
    'Error response from daemon: unauthorized: incorrect username or password',
    'unable to retrieve auth token: invalid username/password: unauthorized: authentication required',
    'initializing source docker://r/app: reading manifest: denied: requested access to the resource is denied',
    `Back-off pulling image "${ecr}": ErrImagePull: ${pulling(ecr)}: unexpected status from HEAD request to ${url}: 403 Forbidden`,
    'unexpected response status code 401',
  ],
  'failed IMAGE_WRONG_PLATFORM': [
    `rpc error: code = NotFound desc = ${pulling(ecr)}: no match for platform in manifest ${digest}: not found`,
    `${pulling(ecr)}: no match for platform in manifest: not found`,
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
    'choosing an image from manifest list: image with reference r/app was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64',
  ],
  'suspect REGISTRY_UNTRUSTED': [
    `rpc error: code = Unknown desc = ${pulling(ecr)}: failed to do request: Head "${url}": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  ],
  'waiting NODE_FULL': [
    `failed to pull and unpack image "${ecr}": failed to extract layer ${digest}: write /var/lib/rancher/k3s/agent/containerd/x: no space left on device: unknown`,
  ],
  'waiting IMAGE_PULL_FAILED': [
    `rpc error: code = Unknown desc = ${pulling(local)}: failed to do request: Head "http://127.0.0.1:5000/v2/whatsthecraic/dj-service/manifests/${digest}": dial tcp 127.0.0.1:5000: connect: connection refused`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: failed to do request: Head "${url}": dial tcp: lookup 123456789401.dkr.ecr.eu-west-1.amazonaws.com on 10.0.0.2:53: no such host`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: failed to do request: Head "${url}": dial tcp: lookup x on 10.0.0.2:53: server misbehaving`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: failed to do request: Head "${url}": dial tcp 52.1.2.3:443: i/o timeout`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: failed to do request: Head "${url}": net/http: TLS handshake timeout`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: unexpected status from HEAD request to ${url}: 503 Service Unavailable`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: unexpected status from HEAD request to ${url}: 502 Bad Gateway`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: unexpected status from HEAD request to ${url}: 429 Too Many Requests`,
    `rpc error: code = Unknown desc = ${pulling(ecr)}: unexpected status code [manifests ${digest}]: 500 Internal Server Error`,
    'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'toomanyrequests: Rate exceeded',
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    `rpc error: code = Canceled desc = ${pulling(ecr)}: context canceled`,
    `rpc error: code = Unavailable desc = error reading from server: EOF`,
    `rpc error: code = Unknown desc = failed to pull and unpack image "${ecr}": failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-eu-west-1-starport-layer-bucket.s3.amazonaws.com/1": dial tcp: i/o timeout`,
    `rpc error: code = NotFound desc = failed to pull and unpack image "${ecr}": failed to extract layer ${digest}: failed to get reader from content store: content digest ${digest}: not found`,
    `failed to pull and unpack image "${ecr}": unable to fetch descriptor: mkdir /var/lib/containerd/ingest: permission denied`,
    `failed to pull and unpack image "${ecr}": failed to copy: unexpected EOF`,
    `Back-off pulling image "${ecr}"`,
    `Back-off pulling image "${ecr}": ErrImagePull: ${pulling(ecr)}: failed to do request: Head "${url}": i/o timeout`,
    'ImagePullBackOff',
    'pull QPS exceeded',
  ],
} as const;

let number = 0;
for (const [expected, said] of Object.entries(messages)) {
  for (const message of said) {
    number += 1;
    test(`judgePull – message ${number} – ${expected}: ${message.slice(0, 60)}`, (t) => {
      const pull = judgePull('ErrImagePull', message);
      t.is(`${pull.state} ${pull.code}`, expected);
      t.true(message.endsWith(pull.message));
      t.false(pull.message.includes(': ErrImagePull: '));
    });
  }
}

test('judgePull – reasons that no retry changes – failed at once', (t) => {
  const invalid = 'Failed to apply default image tag "A:B:C": couldn\'t parse image name: invalid';
  t.is(judgePull('InvalidImageName', invalid).state, 'failed');
  const never = 'Container image "x" is not present with pull policy of Never';
  t.is(judgePull('ErrImageNeverPull', never).state, 'failed');
});

test('isBareBackOff – only what says no cause – true', (t) => {
  t.true(isBareBackOff(`Back-off pulling image "${ecr}"`));
  t.true(isBareBackOff('ImagePullBackOff'));
  t.false(isBareBackOff(`Back-off pulling image "${ecr}": ErrImagePull: i/o timeout`));
  t.false(isBareBackOff('not found'));
});
