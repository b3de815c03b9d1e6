import { parseBy, parseFormat, parseWait, soakSeconds } from '../arguments.ts';
import { deploy } from '../deploy.ts';
import { findOverlay, renderManifests, renderNodeManifests } from '../manifests/render.ts';
import { unlistedManifests } from '../manifests/unlisted-manifests.ts';
import { requirePlan } from '../plan/fingerprint.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { refuseDirtyProduction } from '../preflight.ts';
import { planResult } from '../report/plan-result.ts';
import { releaseResult } from '../report/release-result.ts';
import { rollback } from '../rollback.ts';
import { findService } from '../services.ts';
import type { Given } from './given.ts';
import { hush, say } from './progress.ts';

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

/** Brings the checkout onto the target; what became of it is the text, or the error. */
export async function deployRelease(
  given: Given,
  args: ChangeArguments & { readonly adopt: boolean; readonly expect?: string | undefined },
): Promise<string> {
  const format = parseFormat(args.format);
  const change = changeOf(args);
  const platforms = given.platforms();
  const revision = await given.revision();
  refuseDirtyProduction(args.overlay, revision);
  given.checkTarget();
  const aws = await given.aws();
  const images = given.images();
  const [folder, registry] = await Promise.all([images.folder(), given.openRegistry(aws)]);
  await findOverlay(`${folder}/k8s`, args.overlay);
  const kubectl = await given.kubectl();
  const target = await given.openTarget(args.overlay, aws, kubectl);
  if (args.expect !== undefined) requirePlan(await planOf(given, args, kubectl), args.expect);
  const release = await deploy({
    ...change,
    revision,
    target,
    adopt: args.adopt,
    migrations: await images.migrations(),
    ...{ platforms, platformsOf: registry.platformsOf, layersOf: registry.layersOf, say },
    ensureImages: (signal, onImage, onNamed) =>
      images.ensure({ platforms, registry, revision, say, signal, onImage, onNamed }),
    render: (pinned) => {
      const k8s = { folder: `${folder}/k8s`, overlay: args.overlay, kubectl };
      return renderManifests({ ...k8s, images: pinned });
    },
  }).finally(hush);
  return releaseResult(release, format);
}

/** Tells what a deploy would do. */
export async function planRelease(
  given: Given,
  args: {
    readonly overlay: string;
    readonly adopt: boolean;
    readonly format: string;
  },
): Promise<string> {
  const format = parseFormat(args.format);
  given.platforms();
  given.checkTarget();
  const kubectl = await given.kubectl();
  return planResult(await planOf(given, args, kubectl), format);
}

/** Goes back to an earlier release. */
export async function rollBack(
  given: Given,
  args: ChangeArguments & {
    readonly to: string | undefined;
    readonly services: readonly string[];
  },
): Promise<string> {
  const format = parseFormat(args.format);
  const change = changeOf(args);
  for (const name of args.services) findService(name);
  const target = await given.reach(args.overlay);
  const request = { ...change, to: args.to, services: args.services, target, say };
  return releaseResult(await rollback(request).finally(hush), format);
}

async function planOf(
  given: Given,
  { overlay, adopt }: { readonly overlay: string; readonly adopt: boolean },
  kubectl: string,
): Promise<Plan> {
  const aws = await given.aws();
  const images = given.images();
  const k8s = { folder: `${await images.folder()}/k8s`, kubectl };
  return makePlan({
    ...{ overlay, adopt },
    readRevision: () => given.revision(),
    openTarget: () => given.openTarget(overlay, aws, kubectl),
    readMigrations: () => images.migrations(),
    findImages: async () => images.find(given.platforms(), await given.openRegistry(aws)),
    render: (pinned) => renderManifests({ ...k8s, overlay, images: pinned }),
    renderNode: () => renderNodeManifests(k8s),
    findUnlisted: () => unlistedManifests(k8s.folder),
  });
}
