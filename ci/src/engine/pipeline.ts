import type { Container, Directory, File, GitRepository, Secret } from '@dagger.io/dagger';
import { parseFormat, required, soakSeconds } from '../arguments.ts';
import type { AwsAccess } from '../aws/clients.ts';
import { type Check, runChecks } from '../checks.ts';
import { systemClock } from '../clock.ts';
import { deploy } from '../deploy.ts';
import { verifyHealth } from '../health/verify.ts';
import type { BaseImages } from '../images/base-images.ts';
import { type EnsuredImage, ensureImages } from '../images/ensure-images.ts';
import { type FoundImage, findImages } from '../images/find-images.ts';
import { labelsOf } from '../images/labels.ts';
import { pinBases, planImage } from '../images/plan-image.ts';
import { allPlatforms, parsePlatform, parsePlatforms } from '../images/platforms.ts';
import { findOverlay, renderManifests, renderNodeManifests } from '../manifests/render.ts';
import { makePlan } from '../plan/make-plan.ts';
import { refuseDirtyProduction } from '../preflight.ts';
import { type OpenRegistry, openRegistry } from '../registry/open-registry.ts';
import { createRegistryClient } from '../registry/registry-client.ts';
import { readRecords } from '../release/records.ts';
import { healthResult } from '../report/health-result.ts';
import { imagesText } from '../report/images-text.ts';
import { planResult } from '../report/plan-result.ts';
import { releaseResult } from '../report/release-result.ts';
import { releasesText } from '../report/releases-text.ts';
import { rollback } from '../rollback.ts';
import { findService, services } from '../services.ts';
import { type Revision, revisionOf } from '../source/git.ts';
import { readSourceTree, type SourceTree } from '../source/source-tree.ts';
import { checkTarget, openTarget } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';
import { buildImage, EngineBuilder, withLabels } from './engine-builder.ts';
import {
  type AwsInputs,
  defaultPlatform,
  readAws,
  readGit,
  takeKubeconfig,
  takeKubectl,
  takeOut,
} from './inputs.ts';
import { pinBaseImagesInEngine } from './pin-base-images.ts';
import { readable } from './readable.ts';
import { repositoryChecks } from './repository-checks.ts';

/** What a call of the module was given; each function gives what it needs. */
export interface PipelineInputs {
  readonly source?: Directory;
  readonly repo?: GitRepository;
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  /** The one to build for. */
  readonly platform?: string | undefined;
  /** All to push images for. */
  readonly platforms?: string[];
  readonly buildImage?: string | undefined;
  readonly nodeImage?: string | undefined;
  readonly baseImage?: string | undefined;
  readonly registry?: {
    readonly registry: string;
    readonly user: string | undefined;
    readonly password: Secret | undefined;
  };
  readonly aws?: AwsInputs;
  readonly target?: {
    readonly instanceId: string | undefined;
    readonly kubeconfig: Secret | undefined;
    readonly kubectl: File | undefined;
  };
}

/** Images that are built to see whether they can be, and go nowhere. */
const unreleased: Revision = { commit: 'unreleased', branch: 'unreleased', dirty: true };

/** A line of progress; the engine shows it under the function's own span. */
const say = (line: string): void => console.log(line);

/** Takes the inputs out of the engine once and hands them to the plain pipeline. */
export class Pipeline {
  readonly #inputs: PipelineInputs;

  constructor(inputs: PipelineInputs) {
    this.#inputs = inputs;
  }

  async check(): Promise<string> {
    const source = await readSourceTree(await this.#folder());
    const bases = await this.#pinBases(source);
    const images = services.map(({ name }) => this.#imageCheck(name, source, bases));
    return runChecks([...repositoryChecks(this.#source(), bases.BUILD_IMAGE), ...images]);
  }

  async build(name: string): Promise<Container> {
    const { container } = await this.#build(name);
    return container;
  }

  async label(name: string): Promise<Container> {
    const { container, revision } = await this.#build(name);
    return withLabels(container, labelsOf(name, revision, new Date()));
  }

  async push(format: string): Promise<string> {
    const written = parseFormat(format);
    const platforms = this.#platforms();
    const registry = await this.#openRegistry();
    const images = await this.#ensure(platforms, registry, await this.#revision());
    return written === 'json' ? JSON.stringify(images, undefined, 2) : imagesText(images);
  }

  async deploy(args: {
    readonly overlay: string;
    readonly soak: number | undefined;
    readonly format: string;
  }): Promise<string> {
    const format = parseFormat(args.format);
    const soak = soakSeconds(args.soak, args.overlay);
    const platforms = this.#platforms();
    const revision = await this.#revision();
    refuseDirtyProduction(args.overlay, revision);
    checkTarget(this.#inputs.target ?? {});
    const aws = await this.#aws();
    const [folder, registry] = await Promise.all([this.#folder(), this.#openRegistry(aws)]);
    await findOverlay(`${folder}/k8s`, args.overlay);
    const kubectl = await takeKubectl(this.#inputs.target?.kubectl);
    const target = await this.#openTarget(args.overlay, aws, kubectl);
    const release = await deploy({
      overlay: args.overlay,
      revision,
      target,
      soakSeconds: soak,
      say,
      ensureImages: (signal) => this.#ensure(platforms, registry, revision, folder, signal),
      render: (images) =>
        renderManifests({ folder: `${folder}/k8s`, overlay: args.overlay, images, kubectl }),
    });
    return releaseResult(release, format);
  }

  async plan(args: { readonly overlay: string; readonly format: string }): Promise<string> {
    const format = parseFormat(args.format);
    const platforms = this.#platforms();
    checkTarget(this.#inputs.target ?? {});
    const aws = await this.#aws();
    const folder = await this.#folder();
    const kubectl = await takeKubectl(this.#inputs.target?.kubectl);
    const k8s = { folder: `${folder}/k8s`, kubectl };
    const plan = await makePlan({
      overlay: args.overlay,
      readRevision: () => this.#revision(),
      openTarget: () => this.#openTarget(args.overlay, aws, kubectl),
      findImages: async () => this.#find(platforms, await this.#openRegistry(aws), folder),
      render: (images) => renderManifests({ ...k8s, overlay: args.overlay, images }),
      renderNode: () => renderNodeManifests(k8s),
    });
    return planResult(plan, format);
  }

  async verifyHealth(args: {
    readonly overlay: string;
    readonly soak: number;
    readonly format: string;
  }): Promise<string> {
    const format = parseFormat(args.format);
    const soak = soakSeconds(args.soak, args.overlay);
    const target = await this.#reach(args.overlay);
    const results = await verifyHealth({
      target,
      services,
      clock: systemClock,
      soakSeconds: soak,
      say,
    });
    return healthResult(`${args.overlay} on ${target.description}`, results, format);
  }

  async rollback(args: {
    readonly overlay: string;
    readonly to: string | undefined;
    readonly services: readonly string[];
    readonly soak: number | undefined;
    readonly format: string;
  }): Promise<string> {
    const format = parseFormat(args.format);
    const soak = soakSeconds(args.soak, args.overlay);
    for (const name of args.services) findService(name);
    const { overlay, to, services: asked } = args;
    const target = await this.#reach(args.overlay);
    const request = { overlay, to, services: asked, target, soakSeconds: soak, say };
    return releaseResult(await rollback(request), format);
  }

  async releases(args: { readonly overlay: string; readonly format: string }): Promise<string> {
    const format = parseFormat(args.format);
    const target = await this.#reach(args.overlay);
    const records = await readRecords(target);
    const own = records.filter(({ release }) => release.overlay === args.overlay);
    return format === 'json' ? JSON.stringify(own, undefined, 2) : releasesText(own);
  }

  #imageCheck(service: string, source: SourceTree, bases: BaseImages): Check {
    const platforms = allPlatforms;
    const { buildArgs } = planImage(service, { source, bases, platforms, revision: unreleased });
    const built = async (platform: string) =>
      (await buildImage(this.#source(), buildArgs, platform)).sync();
    const run = async () => {
      await Promise.all(platforms.map(built)).catch((error) => {
        throw new Error(readable(error), { cause: error });
      });
      return platforms.join(', ');
    };
    return { name: `image ${service}`, run };
  }

  async #build(name: string): Promise<{ container: Container; revision: Revision }> {
    const { name: service } = findService(name);
    const platform = await this.#platform();
    const [folder, revision] = await Promise.all([this.#folder(), this.#revision()]);
    const source = await readSourceTree(folder);
    const bases = await this.#pinBases(source);
    const { buildArgs } = planImage(service, { source, bases, revision, platforms: [platform] });
    return { container: await buildImage(this.#source(), buildArgs, platform), revision };
  }

  async #pinBases(source: SourceTree): Promise<BaseImages> {
    const seen = await pinBaseImagesInEngine(source, this.#baseImages());
    return pinBases(source, seen, createRegistryClient());
  }

  async #ensure(
    platforms: readonly string[],
    { registry, client, credentialsOf }: OpenRegistry,
    revision: Revision,
    folder?: string,
    signal?: AbortSignal,
  ): Promise<readonly EnsuredImage[]> {
    const source = await readSourceTree(folder ?? (await this.#folder()));
    return ensureImages({
      services: services.map((service) => service.name),
      registry,
      client,
      credentialsOf,
      builder: new EngineBuilder(this.#source()),
      source,
      revision,
      platforms,
      baseImages: await pinBaseImagesInEngine(source, this.#baseImages()),
      say,
      ...(signal ? { signal } : {}),
    });
  }

  async #find(
    platforms: readonly string[],
    registry: OpenRegistry,
    folder: string,
  ): Promise<readonly FoundImage[]> {
    const source = await readSourceTree(folder);
    return findImages({
      ...registry,
      services: services.map((service) => service.name),
      source,
      platforms,
      baseImages: await pinBaseImagesInEngine(source, this.#baseImages()),
    });
  }

  #platforms(): readonly string[] {
    return parsePlatforms('--platforms', this.#inputs.platforms ?? []);
  }

  async #platform(): Promise<string> {
    const { platform } = this.#inputs;
    return platform === undefined ? defaultPlatform() : parsePlatform('--platform', platform);
  }

  #source(): Directory {
    return required(this.#inputs.source, '--source', 'the images are made of it.');
  }

  #folder(): Promise<string> {
    return takeOut(this.#source());
  }

  #baseImages(): Partial<BaseImages> {
    const { buildImage: build, nodeImage: node, baseImage: base } = this.#inputs;
    return {
      ...(build ? { BUILD_IMAGE: build } : {}),
      ...(node ? { NODE_IMAGE: node } : {}),
      ...(base ? { BASE_IMAGE: base } : {}),
    };
  }

  async #revision(): Promise<Revision> {
    const { repo, commit, branch } = this.#inputs;
    return revisionOf(repo ? await readGit(repo) : undefined, { commit, branch });
  }

  async #aws(): Promise<AwsAccess | undefined> {
    return this.#inputs.aws ? readAws(this.#inputs.aws) : undefined;
  }

  async #openRegistry(aws?: AwsAccess): Promise<OpenRegistry> {
    const { registry, user, password } = required(
      this.#inputs.registry,
      '--registry',
      'images are pushed to it.',
    );
    return openRegistry({
      registry,
      user,
      password: await password?.plaintext(),
      aws: aws ?? (await this.#aws()),
    });
  }

  /** Opens the target for a question that needs no checkout: kubectl only for a kubeconfig. */
  async #reach(overlay: string): Promise<Target> {
    checkTarget(this.#inputs.target ?? {});
    const needsKubectl = this.#inputs.target?.kubeconfig !== undefined;
    const kubectl = needsKubectl ? await takeKubectl(this.#inputs.target?.kubectl) : undefined;
    return this.#openTarget(overlay, await this.#aws(), kubectl);
  }

  async #openTarget(
    overlay: string,
    aws: AwsAccess | undefined,
    kubectl: string | undefined,
  ): Promise<Target> {
    const { instanceId, kubeconfig } = this.#inputs.target ?? {};
    return openTarget({
      overlay,
      instanceId,
      aws,
      kubectl,
      kubeconfig: await takeKubeconfig(kubeconfig),
    });
  }
}
