import {
  type Container,
  type Directory,
  dag,
  type File,
  type GitRepository,
  type Secret,
} from '@dagger.io/dagger';
import { parseBy, parseFormat, parseWait, required, soakSeconds } from '../arguments.ts';
import type { AwsAccess } from '../aws/clients.ts';
import { runChecks } from '../checks.ts';
import { systemClock } from '../clock.ts';
import { deploy } from '../deploy.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { verifyHealth } from '../health/verify.ts';
import { labelsOf } from '../images/labels.ts';
import { parsePlatform, parsePlatforms } from '../images/platforms.ts';
import { parseLogOptions } from '../logs/log-options.ts';
import { readLogs } from '../logs/read-logs.ts';
import { findOverlay, renderManifests, renderNodeManifests } from '../manifests/render.ts';
import { unlistedManifests } from '../manifests/unlisted-manifests.ts';
import { requirePlan } from '../plan/fingerprint.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { refuseDirtyProduction } from '../preflight.ts';
import { redact } from '../redact.ts';
import { type OpenRegistry, openRegistry } from '../registry/open-registry.ts';
import { findRecord } from '../release/find-record.ts';
import { provenHosts } from '../release/proven-hosts.ts';
import { readRecords } from '../release/records.ts';
import { resolveDead } from '../release/resolve-dead.ts';
import { diagnosisText } from '../report/diagnosis-text.ts';
import { healthResult } from '../report/health-result.ts';
import { createHeartbeat } from '../report/heartbeat.ts';
import { imagesText } from '../report/images-text.ts';
import { logsText } from '../report/logs-text.ts';
import { planResult } from '../report/plan-result.ts';
import { releaseResult } from '../report/release-result.ts';
import { releasesText } from '../report/releases-text.ts';
import { reportFiles } from '../report/report-files.ts';
import { statusText } from '../report/status-text.ts';
import { rollback } from '../rollback.ts';
import { findService, type Service, services } from '../services.ts';
import { type Revision, revisionOf } from '../source/git.ts';
import { look } from '../status/ask.ts';
import { judgeStatus } from '../status/judge-status.ts';
import { checkTarget, openTarget } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';
import { withLabels } from './engine-builder.ts';
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

/** What every call is given that changes the platform. */
interface ChangeArguments {
  readonly overlay: string;
  readonly soak: number | undefined;
  readonly wait: number;
  readonly by: string | undefined;
  readonly format: string;
}

const changeOf = ({ overlay, soak, wait, by }: ChangeArguments) => ({
  overlay,
  soakSeconds: soakSeconds(soak, overlay),
  waitSeconds: parseWait(wait),
  by: parseBy(by),
});

/** Lines of progress, which the engine shows under the function's own span. */
const { say, hush } = createHeartbeat((line) => console.log(redact(line)));

/** The services that were named, all if none was. */
const chosen = (names: readonly string[]): readonly Service[] =>
  names.length === 0 ? services : [...new Set(names)].map(findService);

/** Takes the inputs out of the engine once and hands them to the plain pipeline. */
export class Pipeline {
  readonly #inputs: PipelineInputs;

  constructor(inputs: PipelineInputs) {
    this.#inputs = inputs;
  }

  async check(): Promise<string> {
    return runChecks(await this.#images().checks());
  }

  async build(name: string): Promise<Container> {
    const { name: service } = findService(name);
    const platform = await this.#platform();
    return this.#images().build(service, platform, await this.#revision());
  }

  async label(name: string): Promise<Container> {
    const { name: service } = findService(name);
    const platform = await this.#platform();
    const revision = await this.#revision();
    const container = await this.#images().build(service, platform, revision);
    return withLabels(container, labelsOf(service, revision, new Date()));
  }

  async push(format: string): Promise<string> {
    const written = parseFormat(format);
    const platforms = this.#platforms();
    const registry = await this.#openRegistry();
    const revision = await this.#revision();
    const images = await this.#images()
      .ensure({ platforms, registry, revision, say })
      .finally(hush);
    return written === 'json' ? JSON.stringify(images, undefined, 2) : imagesText(images);
  }

  async deploy(
    args: ChangeArguments & { readonly adopt: boolean; readonly expect?: string | undefined },
  ): Promise<string> {
    const format = parseFormat(args.format);
    const change = changeOf(args);
    const platforms = this.#platforms();
    const revision = await this.#revision();
    refuseDirtyProduction(args.overlay, revision);
    checkTarget(this.#inputs.target ?? {});
    const aws = await this.#aws();
    const images = this.#images();
    const [folder, registry] = await Promise.all([images.folder(), this.#openRegistry(aws)]);
    await findOverlay(`${folder}/k8s`, args.overlay);
    const kubectl = await takeKubectl(this.#inputs.target?.kubectl);
    const target = await this.#openTarget(args.overlay, aws, kubectl);
    if (args.expect !== undefined) requirePlan(await this.#plan(args, kubectl), args.expect);
    const release = await deploy({
      ...change,
      revision,
      target,
      adopt: args.adopt,
      migrations: await images.migrations(),
      ...{ platforms, platformsOf: registry.platformsOf, say },
      ensureImages: (signal, onImage) =>
        images.ensure({ platforms, registry, revision, say, signal, onImage }),
      render: (pinned) => {
        const k8s = { folder: `${folder}/k8s`, overlay: args.overlay, kubectl };
        return renderManifests({ ...k8s, images: pinned });
      },
    }).finally(hush);
    return releaseResult(release, format);
  }

  async plan(args: {
    readonly overlay: string;
    readonly adopt: boolean;
    readonly format: string;
  }): Promise<string> {
    const format = parseFormat(args.format);
    this.#platforms();
    checkTarget(this.#inputs.target ?? {});
    const kubectl = await takeKubectl(this.#inputs.target?.kubectl);
    return planResult(await this.#plan(args, kubectl), format);
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
      hosts: await provenHosts(target, args.overlay),
      certificatesCount: true,
      clock: systemClock,
      soakSeconds: soak,
      say,
    }).finally(hush);
    return healthResult(`${args.overlay} on ${target.description}`, results, format);
  }

  async rollback(
    args: ChangeArguments & {
      readonly to: string | undefined;
      readonly services: readonly string[];
    },
  ): Promise<string> {
    const format = parseFormat(args.format);
    const change = changeOf(args);
    for (const name of args.services) findService(name);
    const target = await this.#reach(args.overlay);
    const request = { ...change, to: args.to, services: args.services, target, say };
    return releaseResult(await rollback(request).finally(hush), format);
  }

  async releases(args: { readonly overlay: string; readonly format: string }): Promise<string> {
    const format = parseFormat(args.format);
    const target = await this.#reach(args.overlay);
    const records = await readRecords(target);
    const own = records.filter(({ release }) => release.overlay === args.overlay);
    return format === 'json' ? JSON.stringify(own, undefined, 2) : releasesText(own);
  }

  async diagnose(args: {
    readonly overlay: string;
    readonly services: readonly string[];
    readonly format: string;
  }): Promise<string> {
    const format = parseFormat(args.format);
    const asked = chosen(args.services);
    const target = await this.#reach(args.overlay);
    const diagnosis = await diagnose({ target, services: asked });
    const where = `${args.overlay} on ${target.description}`;
    return format === 'json'
      ? JSON.stringify(diagnosis, undefined, 2)
      : diagnosisText(where, diagnosis);
  }

  async logs(
    args: Parameters<typeof parseLogOptions>[0] & {
      readonly overlay: string;
      readonly services: readonly string[];
      readonly format: string;
    },
  ): Promise<string> {
    const format = parseFormat(args.format);
    const options = parseLogOptions(args);
    const asked = chosen(args.services);
    const target = await this.#reach(args.overlay);
    const logs = await readLogs({ target, services: asked, ...options });
    const where = `${args.overlay} on ${target.description}`;
    return format === 'json' ? JSON.stringify(logs, undefined, 2) : logsText(logs, where);
  }

  async status(args: {
    readonly overlay: string;
    readonly wait: number;
    readonly format: string;
  }): Promise<string> {
    const format = parseFormat(args.format);
    const waitSeconds = parseWait(args.wait);
    const { overlay } = args;
    const target = await this.#reach(overlay);
    if (waitSeconds > 0) {
      const soak = soakSeconds(undefined, overlay);
      await resolveDead({ overlay, target, waitSeconds, soakSeconds: soak, say }).finally(hush);
    }
    const seen = await look(target, systemClock);
    const status = judgeStatus(seen, { overlay, target: target.description });
    return format === 'json' ? JSON.stringify(status, undefined, 2) : statusText(status);
  }

  async report(args: {
    readonly overlay: string;
    readonly release: string | undefined;
  }): Promise<Directory> {
    const records = await readRecords(await this.#reach(args.overlay));
    const record = findRecord(records, { overlay: args.overlay, id: args.release });
    return Object.entries(reportFiles(record)).reduce(
      (folder, [name, content]) => folder.withNewFile(name, content),
      dag.directory(),
    );
  }

  async #plan(
    { overlay, adopt }: { readonly overlay: string; readonly adopt: boolean },
    kubectl: string,
  ): Promise<Plan> {
    const aws = await this.#aws();
    const images = this.#images();
    const k8s = { folder: `${await images.folder()}/k8s`, kubectl };
    return makePlan({
      ...{ overlay, adopt },
      readRevision: () => this.#revision(),
      openTarget: () => this.#openTarget(overlay, aws, kubectl),
      readMigrations: () => images.migrations(),
      findImages: async () => images.find(this.#platforms(), await this.#openRegistry(aws)),
      render: (pinned) => renderManifests({ ...k8s, overlay, images: pinned }),
      renderNode: () => renderNodeManifests(k8s),
      findUnlisted: () => unlistedManifests(k8s.folder),
    });
  }

  #platforms(): readonly string[] {
    return parsePlatforms('--platforms', this.#inputs.platforms ?? []);
  }

  async #platform(): Promise<string> {
    const { platform } = this.#inputs;
    return platform === undefined ? defaultPlatform() : parsePlatform('--platform', platform);
  }

  #images(): EngineImages {
    const { source, buildImage: build, nodeImage: node, baseImage: base } = this.#inputs;
    return new EngineImages(required(source, '--source', 'the images are made of it.'), {
      ...(build ? { BUILD_IMAGE: build } : {}),
      ...(node ? { NODE_IMAGE: node } : {}),
      ...(base ? { BASE_IMAGE: base } : {}),
    });
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
