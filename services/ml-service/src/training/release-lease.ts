import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { z } from 'zod';

/** A release is under way: the small node is its own, and what trains now might be replaced. */
export class ReleaseUnderWay extends Error {
  override readonly name = 'ReleaseUnderWay';
  readonly code = 'RELEASE_UNDER_WAY';
}

export interface ClusterAccess {
  readonly host: string;
  readonly port: number;
  /** Where `token`, `ca.crt` and `namespace` are mounted. */
  readonly folder: string;
}

const LEASE = 'whatsthecraic-release';
const LIMIT_MS = 5_000;

const lease = z.object({
  spec: z.object({
    holderIdentity: z.string().nullish(),
    renewTime: z.string().nullish(),
    leaseDurationSeconds: z.number().nullish(),
  }),
});

/**
 * Whether somebody holds the release's Lease. A holder who has not renewed it is dead, and nothing is
 * under way any more. Where the question has no answer the training does not begin: that loses ten
 * minutes, and the other way might lose a release.
 */
export async function checkNoRelease(access: ClusterAccess, now: Date): Promise<void> {
  const { status, body } = await ask(access);
  if (status === 404) return;
  if (status !== 200) {
    throw new Error(
      `the API server answers ${status} when asked for the Lease ${LEASE}; the Role ml-training allows it`,
    );
  }
  const { holderIdentity, renewTime, leaseDurationSeconds } = lease.parse(JSON.parse(body)).spec;
  if (!holderIdentity || !renewTime) return;
  const ends = Date.parse(renewTime) + (leaseDurationSeconds ?? 60) * 1_000;
  if (ends > now.getTime()) throw new ReleaseUnderWay(`the release ${holderIdentity} is under way`);
}

async function ask({ host, port, folder }: ClusterAccess) {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const [token, ca, namespace] = await Promise.all(['token', 'ca.crt', 'namespace'].map(read));
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${LEASE}`;
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const headers = { authorization: `Bearer ${token?.trim()}`, accept: 'application/json' };
    request({ host, port, path, headers, ca, signal }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (text: string) => {
        body += text;
      });
      res.once('end', () => resolve({ status: res.statusCode ?? 0, body }));
      res.once('error', reject);
    })
      .once('error', reject)
      .end();
  });
}
