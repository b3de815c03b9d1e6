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
    const result = await run([request.kubectl, 'kustomize', workFolder], {
      timeoutMs: request.timeoutMs ?? 30_000,
      env: { PATH: process.env.PATH, HOME: workFolder },
      ...(request.signal ? { signal: request.signal } : {}),
    });
    if (result.exitCode !== 0) {
      const said = result.stderr.replaceAll(workFolder, '<rendering>').trim();
      throw new PipelineError(
        'MANIFESTS_INVALID',
        `The overlay ${request.overlay} does not render: kubectl kustomize exited with ${result.exitCode}.\n${said}`,
        { cure: `Try it alone: kubectl kustomize k8s/overlays/${request.overlay}` },
      );
    }
    const objects = inApplyOrder(parseManifests(result.stdout));
    checkImages(objects, request.images);
    checkNamespace(objects, { overlay: request.overlay, namespace: namespaceOf(request.overlay) });
    return objects;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
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
