import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { checkNoRelease } from '../src/training/release-lease.ts';
import { modelFolder } from './helpers/start-ml.ts';

const run = promisify(execFile);
const now = new Date('2026-11-25T12:00:00Z');

/** An API server on loopback that knows one token and one Lease. */
async function startApi(t: ExecutionContext, spec: object | undefined) {
  const folder = await modelFolder(t);
  const [key, cert] = ['key.pem', 'ca.crt'].map((name) => join(folder, name));
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const out = ['-keyout', key ?? '', '-out', cert ?? ''];
  await run('openssl', ['req', '-x509', ...kind, ...out, ...subject]);
  await writeFile(join(folder, 'token'), 'the-token');
  await writeFile(join(folder, 'namespace'), 'whatsthecraic');
  const tls = { key: await readFile(key ?? ''), cert: await readFile(cert ?? '') };
  const server = createServer(tls, (req, res) => {
    const path =
      '/apis/coordination.k8s.io/v1/namespaces/whatsthecraic/leases/whatsthecraic-release';
    const allowed = req.headers.authorization === 'Bearer the-token' && req.url === path;
    res.writeHead(allowed ? (spec ? 200 : 404) : 403).end(JSON.stringify({ spec }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, folder };
}

for (const [what, spec] of [
  ['no Lease', undefined],
  ['given back', { holderIdentity: '', renewTime: '2026-11-25T11:59:59.000000Z' }],
  [
    'of a holder who died',
    { holderIdentity: 'r1', renewTime: '2026-11-25T11:58:00.000000Z', leaseDurationSeconds: 60 },
  ],
] as const) {
  test(`release – ${what} – training may begin`, async (t) => {
    await t.notThrowsAsync(checkNoRelease(await startApi(t, spec), now));
  });
}

test('release – held and renewed – training ends, and says by which', async (t) => {
  const spec = { renewTime: '2026-11-25T11:59:30.000000Z', leaseDurationSeconds: 60 };
  const access = await startApi(t, { ...spec, holderIdentity: 'r2' });

  await t.throwsAsync(checkNoRelease(access, now), {
    code: 'RELEASE_UNDER_WAY',
    message: 'the release r2 is under way',
  });
});

test('release – not told, or nobody there – training does not begin', async (t) => {
  const access = await startApi(t, undefined);
  await writeFile(join(access.folder, 'token'), 'another');
  await t.throwsAsync(checkNoRelease(access, now), { message: /answers 403.*Role ml-training/ });
  await t.throwsAsync(checkNoRelease({ ...access, port: 1 }, now), { code: 'ECONNREFUSED' });
});
