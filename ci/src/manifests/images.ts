import { PipelineError } from '../errors.ts';
import { type Container, type KubernetesObject, objectName } from './objects.ts';
import { containersOf, podTemplateOf, withPodTemplate } from './pod-template.ts';

/** Service to the image that it shall run, as `repository@sha256:…`. */
export type PinnedImages = Readonly<Record<string, string>>;

/** Stands for an image that is not built yet. */
const unbuiltDigest = `sha256:${'0'.repeat(64)}`;

/** A reference that is as good as any to render with while the image is not built. */
export const unbuiltImage = (repository: string): string =>
  printPinnedImage({ repository, digest: unbuiltDigest });

/** Stand-ins for the images of these services, to render with before any is built. */
export const unbuiltImages = (services: readonly string[]): PinnedImages =>
  Object.fromEntries(services.map((name) => [name, unbuiltImage(`unbuilt/${name}`)]));

/** What was rendered with stand-ins, as it would have been with the images that came of them. */
export function withBuiltImages(
  objects: readonly KubernetesObject[],
  standIns: PinnedImages,
  built: PinnedImages,
): readonly KubernetesObject[] {
  const references = new Map(
    Object.entries(standIns).map(([name, it]) => [it, imageOf(name, built)]),
  );
  const exchanged = (container: Container): Container => ({
    ...container,
    image: references.get(container.image) ?? container.image,
  });
  return objects.map((object) => {
    const template = podTemplateOf(object);
    if (!template) return object;
    const { containers, initContainers } = template.spec;
    return withPodTemplate(object, {
      ...template,
      spec: {
        ...template.spec,
        containers: containers.map(exchanged),
        ...(initContainers ? { initContainers: initContainers.map(exchanged) } : {}),
      },
    });
  });
}

function imageOf(service: string, built: PinnedImages): string {
  const image = built[service];
  if (image === undefined) throw new TypeError(`withBuiltImages: expected an image of ${service}`);
  return image;
}

/** The references of images that are in a registry. */
export const pinnedImages = (
  images: readonly (PinnedImage & { readonly service: string })[],
): PinnedImages =>
  Object.fromEntries(images.map((image) => [image.service, printPinnedImage(image)]));

export interface PinnedImage {
  readonly repository: string;
  readonly digest: string;
}

/** `repository@sha256:…` */
export const printPinnedImage = ({ repository, digest }: PinnedImage): string =>
  `${repository}@${digest}`;

/** Splits `repository@sha256:…`; refuses a tag, which may mean another image tomorrow. */
export function parsePinnedImage(reference: string): PinnedImage {
  const match = /^([^\s@]+)@(sha256:[0-9a-f]{64})$/.exec(reference);
  const [, repository = '', digest = ''] = match ?? [];
  // A colon after the last slash begins a tag; before it, a registry's port.
  if (!match || repository.slice(repository.lastIndexOf('/')).includes(':')) {
    throw new PipelineError(
      'MANIFESTS_INVALID',
      `The image ${JSON.stringify(reference)} is not pinned by its digest.`,
      { cure: 'Give it as <repository>@sha256:<64 hex digits>, without a tag.' },
    );
  }
  return { repository, digest };
}

/** The distinct images that the objects' pods run. */
export function imagesOf(objects: readonly KubernetesObject[]): readonly string[] {
  const images = new Set<string>();
  for (const object of objects) {
    const template = podTemplateOf(object);
    for (const container of template ? containersOf(template) : []) images.add(container.image);
  }
  return [...images].toSorted();
}

/** Refuses objects that run anything but exactly the given images. */
export function checkImages(objects: readonly KubernetesObject[], images: PinnedImages): void {
  const known = new Set(Object.values(images));
  for (const object of objects) {
    const template = podTemplateOf(object);
    for (const container of template ? containersOf(template) : []) {
      if (known.has(container.image)) continue;
      throw new PipelineError(
        'MANIFESTS_INVALID',
        `${objectName(object)}, container ${container.name}: there is no built image for ${JSON.stringify(container.image)}.`,
        { cure: `Name one of these in k8s/base: ${Object.keys(images).join(', ')}.` },
      );
    }
  }
  const running = new Set(imagesOf(objects));
  const unused = Object.entries(images).filter(([, image]) => !running.has(image));
  if (unused.length === 0) return;
  throw new PipelineError(
    'MANIFESTS_INVALID',
    `No manifest runs the image of: ${unused.map(([service]) => service).join(', ')}.`,
    { cure: 'Add the service to k8s/base/kustomization.yaml, or do not deploy it.' },
  );
}
