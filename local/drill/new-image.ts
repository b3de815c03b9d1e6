import { createHash, randomUUID } from 'node:crypto';
import type { EnsuredImage } from '../../ci/src/images/ensure-images.ts';
import type { Change } from './stage.ts';

const accept = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Pushes an image of a service that differs by an annotation alone, so that the node has it not and
 * must ask the registry; gives back the change that deploys it.
 */
export async function newImage(service: string, images: readonly EnsuredImage[]): Promise<Change> {
  const image = images.find((it) => it.service === service);
  if (!image) throw new Error(`no image of ${service}`);
  const [host = '', ...path] = image.repository.split('/');
  const url = `http://${host}/v2/${path.join('/')}/manifests`;
  const answer = await fetch(`${url}/${image.digest}`, { headers: { accept } });
  const manifest = (await answer.json()) as Record<string, unknown>;
  const annotations = { 'whatsthecraic.run.place/drill': randomUUID() };
  const body = JSON.stringify({ ...manifest, annotations });
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const put = await fetch(`${url}/${digest}`, {
    method: 'PUT',
    headers: { 'content-type': answer.headers.get('content-type') ?? '' },
    body,
  });
  if (!put.ok) throw new Error(`the registry took no image: ${put.status} ${await put.text()}`);
  return { images: (all) => all.map((it) => (it.service === service ? { ...it, digest } : it)) };
}
