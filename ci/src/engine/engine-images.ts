import type { Container, Directory } from '@dagger.io/dagger';
import type { Check } from '../checks.ts';
import type { BaseImages } from '../images/base-images.ts';
import { type EnsuredImage, ensureImages } from '../images/ensure-images.ts';
import { type FoundImage, findImages } from '../images/find-images.ts';
import { pinBases, planImage } from '../images/plan-image.ts';
import { allPlatforms } from '../images/platforms.ts';
import { type Migration, migrationsIn } from '../migrate/migrations.ts';
import type { OpenRegistry } from '../registry/open-registry.ts';
import { createRegistryClient } from '../registry/registry-client.ts';
import { imageNames } from '../services.ts';
import type { Revision } from '../source/git.ts';
import { readSourceTree, type SourceTree } from '../source/source-tree.ts';
import { buildImage, EngineBuilder } from './engine-builder.ts';
import { takeOut } from './inputs.ts';
import { pinBaseImagesInEngine } from './pin-base-images.ts';
import { readable } from './readable.ts';
import { repositoryChecks } from './repository-checks.ts';

/** Images that are built to see whether they can be, and go nowhere. */
const unreleased: Revision = { commit: 'unreleased', branch: 'unreleased', dirty: true };

/** All that is made in the engine of the repository's sources. */
export class EngineImages {
  readonly #source: Directory;
  readonly #bases: Partial<BaseImages>;
  #folder: Promise<string> | undefined;

  constructor(source: Directory, bases: Partial<BaseImages>) {
    this.#source = source;
    this.#bases = bases;
  }

  /** The sources as files; taken out of the engine once. */
  folder(): Promise<string> {
    this.#folder ??= takeOut(this.#source);
    return this.#folder;
  }

  /** Builds the image of one service. */
  async build(service: string, platform: string, revision: Revision): Promise<Container> {
    const source = await this.#tree();
    const bases = await this.#pinBases(source);
    const { buildArgs } = planImage(service, { source, bases, revision, platforms: [platform] });
    return buildImage(this.#source, buildArgs, platform);
  }

  /** Sees to it that a registry has all images. */
  async ensure(request: {
    readonly platforms: readonly string[];
    readonly registry: OpenRegistry;
    readonly revision: Revision;
    readonly say: (line: string) => void;
    readonly signal?: AbortSignal;
    readonly onImage?: (service: string) => void;
    readonly onNamed?: (service: string, tag: string) => void;
  }): Promise<readonly EnsuredImage[]> {
    const { registry, ...rest } = request;
    const builder = new EngineBuilder(this.#source);
    return ensureImages({ ...registry, ...rest, ...(await this.#all()), builder });
  }

  /** Looks all images up, and builds none. */
  async find(platforms: readonly string[], registry: OpenRegistry): Promise<readonly FoundImage[]> {
    return findImages({ ...registry, platforms, ...(await this.#all()) });
  }

  /** The database's migrations, as the images will have them. */
  async migrations(): Promise<readonly Migration[]> {
    return migrationsIn(await this.#tree());
  }

  /** The repository's own checks, and each image built for every platform. */
  async checks(): Promise<readonly Check[]> {
    const source = await this.#tree();
    const bases = await this.#pinBases(source);
    const images = imageNames.map((name) => this.#imageCheck(name, source, bases));
    return [...repositoryChecks(this.#source, bases.BUILD_IMAGE), ...images];
  }

  #imageCheck(service: string, source: SourceTree, bases: BaseImages): Check {
    const platforms = allPlatforms;
    const { buildArgs } = planImage(service, { source, bases, platforms, revision: unreleased });
    const built = async (platform: string) =>
      (await buildImage(this.#source, buildArgs, platform)).sync();
    const run = async () => {
      await Promise.all(platforms.map(built)).catch((error) => {
        throw new Error(readable(error), { cause: error });
      });
      return platforms.join(', ');
    };
    return { name: `image ${service}`, run };
  }

  async #all() {
    const source = await this.#tree();
    return {
      services: imageNames,
      source,
      baseImages: await pinBaseImagesInEngine(source, this.#bases),
    };
  }

  async #tree(): Promise<SourceTree> {
    return readSourceTree(await this.folder());
  }

  async #pinBases(source: SourceTree): Promise<BaseImages> {
    const seen = await pinBaseImagesInEngine(source, this.#bases);
    return pinBases(source, seen, createRegistryClient());
  }
}
