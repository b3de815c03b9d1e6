import type { Snapshot } from '../rollout/kubernetes.ts';

/**
 * The images that no pod of the platform runs yet; those that one runs are on its node. The kubelet
 * tells an image by `repository@digest`, and it is the digest that counts.
 */
export function imagesToPull(
  images: ReadonlyMap<string, string>,
  { pods }: Pick<Snapshot, 'pods'>,
): ReadonlyMap<string, string> {
  const running = new Set(
    pods.flatMap(({ status }) =>
      (status.containerStatuses ?? []).flatMap(({ imageID, state }) =>
        state?.running ? (digestIn(imageID ?? '') ?? []) : [],
      ),
    ),
  );
  return new Map([...images].filter(([, image]) => !running.has(digestIn(image) ?? '')));
}

const digestIn = (image: string): string | undefined => /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
