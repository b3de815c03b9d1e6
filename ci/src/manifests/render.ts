import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PipelineError } from '../errors.ts';
import { namespaceOf } from '../namespace.ts';
import { type ProcessOptions, type ProcessResult, runProcess } from '../process.ts';
import { inApplyOrder } from './apply-order.ts';
import { checkNamespace } from './check-namespace.ts';
import { checkImages, type PinnedImages, parsePinnedImage } from './images.ts';
import type { KubernetesObject } from './objects.ts';
import { parseManifests } from './text.ts';

export interface RenderRequest {
  /** The folder `k8s` of the commit that is deployed. */
  readonly folder: string;
  /** Name of a folder below `overlays`. */
  readonly overlay: string;
  readonly images: PinnedImages;
  /** Path of the kubectl program; it needs no cluster for this. */
  readonly kubectl: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type RunProcess = (
  argv: readonly string[],
  options: ProcessOptions,
) => Promise<ProcessResult>;

/**
 * Renders an overlay with kustomize, each image pinned by its digest, in the order to apply.
 *
 * The folder is left as it is: the images are named in a kustomization of its own above the overlay.
 */
export async function renderManifests(
  request: RenderRequest,
  run: RunProcess = runProcess,
): Promise<readonly KubernetesObject[]> {
  const overlay = await findOverlay(request.folder, request.overlay);
  // kustomize takes relative paths only, and compares them with links resolved.
  const workFolder = await realpath(await mkdtemp(join(tmpdir(), 'whatsthecraic-render-')));
  try {
    const text = kustomization(relative(workFolder, overlay), request.images);
    await writeFile(join(workFolder, 'kustomization.yaml'), text);
    const said = await kustomize(workFolder, request, run, {
      subject: `The overlay ${request.overlay}`,
      folder: `k8s/overlays/${request.overlay}`,
    });
    const objects = inApplyOrder(parseManifests(said));
    checkImages(objects, request.images);
    checkNamespace(objects, { overlay: request.overlay, namespace: namespaceOf(request.overlay) });
    return objects;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/**
 * Renders k8s/node: what belongs to the node and is applied by hand. Nothing, if the source has none.
 */
export async function renderNodeManifests(
  request: Omit<RenderRequest, 'overlay' | 'images'>,
  run: RunProcess = runProcess,
): Promise<readonly KubernetesObject[]> {
  const folder = join(request.folder, 'node');
  const entries = await readdir(folder).catch((): string[] => []);
  if (!entries.includes('kustomization.yaml')) return [];
  const names = { subject: 'The folder k8s/node', folder: 'k8s/node' };
  return parseManifests(await kustomize(folder, request, run, names));
}

async function kustomize(
  folder: string,
  { kubectl, timeoutMs = 30_000, signal }: Omit<RenderRequest, 'overlay' | 'images'>,
  run: RunProcess,
  names: { readonly subject: string; readonly folder: string },
): Promise<string> {
  const result = await run([kubectl, 'kustomize', folder], {
    timeoutMs,
    env: { PATH: process.env.PATH, HOME: folder, GOGC: 'off' },
    ...(signal ? { signal } : {}),
  });
  if (result.exitCode === 0) return result.stdout;
  const said = result.stderr.replaceAll(folder, '<rendering>').trim();
  throw new PipelineError(
    'MANIFESTS_INVALID',
    `${names.subject} does not render: kubectl kustomize exited with ${result.exitCode}.\n${said}`,
    { cure: `Try it alone: kubectl kustomize ${names.folder}` },
  );
}

/** The kustomization that pins the images of an overlay. JSON is YAML, and quotes everything. */
export function kustomization(overlay: string, images: PinnedImages): string {
  const pinned = Object.entries(images).map(([service, reference]) => {
    const { repository, digest } = parsePinnedImage(reference);
    return { name: service, newName: repository, digest };
  });
  const content = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [overlay],
    images: pinned,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** Path of an overlay; throws, and names those that are there, if there is no such one. */
export async function findOverlay(folder: string, overlay: string): Promise<string> {
  const entries = await readdir(join(folder, 'overlays'), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (names.includes(overlay)) return realpath(join(folder, 'overlays', overlay));
  throw new PipelineError('OVERLAY_UNKNOWN', `There is no overlay ${JSON.stringify(overlay)}.`, {
    cure:
      names.length === 0
        ? 'The folder given holds no overlays: give the repository, with k8s/overlays in it.'
        : `Choose one of: ${names.toSorted().join(', ')}.`,
  });
}
