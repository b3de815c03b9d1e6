import type { Directory, File, GitRepository, Secret } from '@dagger.io/dagger';
import { required } from '../arguments.ts';
import type { AwsAccess } from '../aws/clients.ts';
import { parsePlatform, parsePlatforms } from '../images/platforms.ts';
import { type OpenRegistry, openRegistry } from '../registry/open-registry.ts';
import { type Revision, revisionOf } from '../source/git.ts';
import { checkTarget, openTarget } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';
import { EngineImages } from './engine-images.ts';
import {
  type AwsInputs,
  defaultPlatform,
  readAws,
  readGit,
  takeKubeconfig,
  takeKubectl,
} from './inputs.ts';

/** What a call of the module was given; each function gives what it needs. */
interface Inputs {
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

/** Takes what a call was given out of the engine, each when it is needed, and opens what it names. */
export class Given {
  readonly #inputs: Inputs;

  constructor(inputs: Inputs) {
    this.#inputs = inputs;
  }

  /** Refuses arguments that name no target or two. */
  checkTarget(): void {
    checkTarget(this.#inputs.target ?? {});
  }

  /** The kubectl program as a file. */
  kubectl(): Promise<string> {
    return takeKubectl(this.#inputs.target?.kubectl);
  }

  /** All platforms to push images for. */
  platforms(): readonly string[] {
    return parsePlatforms('--platforms', this.#inputs.platforms ?? []);
  }

  /** The one platform to build for. */
  async platform(): Promise<string> {
    const { platform } = this.#inputs;
    return platform === undefined ? defaultPlatform() : parsePlatform('--platform', platform);
  }

  images(): EngineImages {
    const { source, buildImage: build, nodeImage: node, baseImage: base } = this.#inputs;
    return new EngineImages(required(source, '--source', 'the images are made of it.'), {
      ...(build ? { BUILD_IMAGE: build } : {}),
      ...(node ? { NODE_IMAGE: node } : {}),
      ...(base ? { BASE_IMAGE: base } : {}),
    });
  }

  async revision(): Promise<Revision> {
    const { repo, commit, branch } = this.#inputs;
    return revisionOf(repo ? await readGit(repo) : undefined, { commit, branch });
  }

  async aws(): Promise<AwsAccess | undefined> {
    return this.#inputs.aws ? readAws(this.#inputs.aws) : undefined;
  }

  async openRegistry(aws?: AwsAccess): Promise<OpenRegistry> {
    const { registry, user, password } = required(
      this.#inputs.registry,
      '--registry',
      'images are pushed to it.',
    );
    return openRegistry({
      registry,
      user,
      password: await password?.plaintext(),
      aws: aws ?? (await this.aws()),
    });
  }

  /** Opens the target for a question that needs no checkout: kubectl only for a kubeconfig. */
  async reach(overlay: string): Promise<Target> {
    this.checkTarget();
    const needsKubectl = this.#inputs.target?.kubeconfig !== undefined;
    const kubectl = needsKubectl ? await this.kubectl() : undefined;
    return this.openTarget(overlay, await this.aws(), kubectl);
  }

  async openTarget(
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
