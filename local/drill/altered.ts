import type { EnsuredImage } from '../../ci/src/images/ensure-images.ts';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';

/** What is brought otherwise than by an ordinary deploy. */
export interface Altered {
  /** Changes the rendered manifests. */
  readonly objects?: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[];
  /** Changes the images, such as to one that nobody has pushed. */
  readonly images?: (images: readonly EnsuredImage[]) => readonly EnsuredImage[];
}

/** All of these, one after the other. */
export const altered = (all: readonly Altered[]): Required<Altered> => ({
  objects: (rendered) => all.reduce((so, it) => it.objects?.(so) ?? so, rendered),
  images: (built) => all.reduce((so, it) => it.images?.(so) ?? so, built),
});
