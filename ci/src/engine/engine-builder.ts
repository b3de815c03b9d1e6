import { type Container, type Directory, dag, type Platform } from '@dagger.io/dagger';
import { PipelineError } from '../errors.ts';
import type { BuildRequest, ImageBuilder } from '../images/image-builder.ts';
import type { Labels } from '../images/labels.ts';
import { readable } from './readable.ts';

/** Builds images with Dagger's engine. */
export class EngineBuilder implements ImageBuilder {
  readonly #source: Directory;

  constructor(source: Directory) {
    this.#source = source;
  }

  async publish(request: BuildRequest): Promise<{ digest: string }> {
    const variants = await Promise.all(
      request.platforms.map(async (platform) =>
        withLabels(await buildImage(this.#source, request.buildArgs, platform), request.labels),
      ),
    );
    const address = `${request.repository}:${request.tag}`;
    try {
      const published = await this.#push(variants, address, request);
      return { digest: published.slice(published.indexOf('@') + 1) };
    } catch (error) {
      throw new PipelineError(
        'IMAGE_BUILD_FAILED',
        `the image was not built and pushed:\n${readable(error)}`,
        { cause: error },
      );
    }
  }

  #push(
    variants: readonly Container[],
    address: string,
    { credentials, repository }: BuildRequest,
  ): Promise<string> {
    const withRights = (container: Container): Container => {
      if (!credentials) return container;
      const password = dag.setSecret(`registry-password-${repository}`, credentials.password);
      return container.withRegistryAuth(address, credentials.user, password);
    };
    const [first, ...others] = variants;
    if (!first) throw new TypeError('publish: expected at least one platform');
    // One platform is a plain manifest, several are an index.
    if (others.length === 0) return withRights(first).publish(address);
    const index = withRights(dag.container());
    return index.publish(address, { platformVariants: [first, ...others] });
  }
}

/** Builds `services/Dockerfile` for one platform. */
export async function buildImage(
  source: Directory,
  buildArgs: Readonly<Record<string, string>>,
  platform: string,
): Promise<Container> {
  // The engine hands in no BUILDPLATFORM, and the build stage must not run emulated.
  const args = { ...buildArgs, BUILDPLATFORM: await dag.defaultPlatform() };
  // As services/Dockerfile.dockerignore has it, which not every builder heeds: tests are no input.
  const context = source.filter({
    include: ['package.json', 'package-lock.json', 'services/**'],
    exclude: ['**/node_modules', '**/dist', '**/test', '**/bench', '**/*.md'],
  });
  return context.dockerBuild({
    dockerfile: 'services/Dockerfile',
    platform: platform as Platform,
    buildArgs: Object.entries(args).map(([name, value]) => ({ name, value })),
  });
}

/** The same image with labels, which come last so that they cost no layer of the cache. */
export function withLabels(container: Container, labels: Labels): Container {
  let labelled = container;
  for (const [name, value] of Object.entries(labels)) labelled = labelled.withLabel(name, value);
  return labelled;
}
