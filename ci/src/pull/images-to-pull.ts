import type { Snapshot } from '../rollout/kubernetes.ts';

/**
 * The images that are not on the nodes yet: no pod of the platform runs them, and no kubelet lists them.
 * The kubelet tells an image by `repository@digest`, and it is the digest that counts.
 */
export function imagesToPull(
  images: ReadonlyMap<string, string>,
  { pods }: Pick<Snapshot, 'pods'>,
  listed: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const running = new Set(
    pods.flatMap(({ status }) =>
      (status.containerStatuses ?? []).flatMap(({ imageID, state }) =>
        state?.running ? (digestIn(imageID ?? '') ?? []) : [],
      ),
    ),
  );
  const isThere = (digest: string): boolean => running.has(digest) || listed.has(digest);
  return new Map([...images].filter(([, image]) => !isThere(digestIn(image) ?? '')));
}

const digestIn = (image: string): string | undefined => /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
