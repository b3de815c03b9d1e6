import { PipelineError } from '../errors.ts';
import { printPinnedImage } from '../manifests/images.ts';
import type { Nodes } from '../nodes/nodes.ts';
import { imagesToPull } from '../pull/images-to-pull.ts';
import type { Layers } from '../registry/layers-of.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { cures } from '../rollout/verdict.ts';
import type { EnsuredImage } from './ensure-images.ts';

type Named = Pick<EnsuredImage, 'service' | 'digest'>;

export interface DiskFacts {
  readonly images: readonly (Named & Pick<EnsuredImage, 'repository'>)[];
  readonly before: Snapshot;
  readonly nodes: Nodes | undefined;
  /** What the registry says of an image. */
  readonly layersOf: (image: Named, platform: string) => Promise<Layers | undefined>;
}

/**
 * Throws, before anything is touched, if the images that are to be pulled cannot lie on the node's disk.
 * Says nothing where a figure cannot be had: of the kubelet, or of what lies on the node already.
 */
export async function refuseNoDisk({ images, before, nodes, layersOf }: DiskFacts): Promise<void> {
  const [platform, ...others] = new Set(nodes?.platforms.values());
  if (!nodes || platform === undefined || others.length > 0) return;
  const references = images.map((it) => [it.service, printPinnedImage(it)] as const);
  const wanted = imagesToPull(new Map(references), before, nodes.images);
  const missing = images.filter(({ service }) => wanted.has(service));
  if (missing.length === 0) return;
  const layers = (of: readonly Named[]) => Promise.all(of.map((it) => layersOf(it, platform)));
  const [coming, there] = await Promise.all([layers(missing), layers(runningImages(before))]);
  // Of an image that is gone from the registry nobody knows which layers lie on the node.
  if (there.includes(undefined)) return;
  const held = new Set(there.flatMap((it) => [...(it ?? new Map()).keys()]));
  const pulled = new Map(coming.flatMap((it) => [...(it ?? [])]).filter(([it]) => !held.has(it)));
  refuseLack(
    [...pulled.values()].reduce((sum, bytes) => sum + bytes, 0),
    nodes,
  );
}

/** A node keeps a layer as it comes and unpacked, which is no smaller. */
const copies = 2;

/** Below this share of the disk every usual kubelet throws pods out: k3s' at 5 %, Kubernetes' own at 15. */
const reserve = 0.05;

function refuseLack(bytes: number, { rooms, usage }: Pick<Nodes, 'rooms' | 'usage'>): void {
  const disks = rooms.map(({ node }) => ({ node, disk: usage.disks?.get(node) }));
  const lacking = disks.flatMap(({ node, disk }) => {
    if (!disk || copies * bytes + reserve * disk.capacity <= disk.available) return [];
    const kept = text(reserve * disk.capacity);
    return `${node} has ${text(disk.available)} of ${text(disk.capacity)} left, and throws pods out below ${kept}.`;
  });
  // Where one has room, or nobody knows, the scheduler may find it.
  if (lacking.length === 0 || lacking.length < disks.length) return;
  const what = `The images that are to be pulled take at least ${text(copies * bytes)} of disk: ${text(bytes)} as they come, and as much again unpacked.`;
  throw new PipelineError('NODE_FULL', [what, ...lacking, 'Nothing was touched.'].join('\n'), {
    ...(cures.NODE_FULL ? { cure: cures.NODE_FULL } : {}),
  });
}

/** The images that pods run, by the service whose container it is. */
const runningImages = ({ pods }: Snapshot): readonly Named[] =>
  pods.flatMap(({ status }) =>
    (status.containerStatuses ?? []).flatMap(({ name, imageID, state }) => {
      const digest = /sha256:[0-9a-f]{64}$/.exec(imageID ?? '')?.[0];
      return state?.running && digest ? [{ service: name, digest }] : [];
    }),
  );

const text = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
