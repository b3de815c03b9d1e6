import type { FoundImage } from '../images/find-images.ts';
import { type PinnedImages, printPinnedImage, unbuiltImage } from '../manifests/images.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { withReleaseNotes } from '../manifests/release-notes.ts';
import { withoutMigrationJob } from '../migrate/migration-job.ts';
import type { Migration } from '../migrate/migrations.ts';
import { refuseDirtyProduction } from '../preflight.ts';
import { imageNames } from '../services.ts';
import type { Revision } from '../source/git.ts';
import type { Target } from '../target/target.ts';
import { askCluster } from './ask-cluster.ts';
import { attempt, type Finding } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { judge, nothingKnown } from './judge.ts';
import { ingressClasses, needsNodeObjects } from './node-objects.ts';
import type { Plan } from './plan.ts';
import { planMigrations } from './plan-migrations.ts';

export interface PlanRequest {
  readonly overlay: string;
  readonly readRevision: () => Promise<Revision>;
  readonly openTarget: () => Promise<Target>;
  /** Looks up the images of all services; builds none. */
  readonly findImages: () => Promise<readonly FoundImage[]>;
  readonly readMigrations: () => Promise<readonly Migration[]>;
  /** Renders the overlay's manifests with these images. */
  readonly render: (images: PinnedImages) => Promise<readonly KubernetesObject[]>;
  /** Renders what lies in k8s/node, which no deploy applies; nothing if the source has none. */
  readonly renderNode: () => Promise<readonly KubernetesObject[]>;
  /** Finds manifests that no kustomization names. */
  readonly findUnlisted: () => Promise<readonly string[]>;
  /** Whether the deploy would take over what others have set or made. */
  readonly adopt?: boolean;
}

/** Tells what a deploy with the same arguments would do, and changes nothing anywhere. */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const obstacles: Finding[] = [];
  const [revision, target, images, migrations] = await Promise.all([
    attempt(obstacles, request.readRevision),
    attempt(obstacles, request.openTarget),
    attempt(obstacles, request.findImages),
    attempt(obstacles, request.readMigrations),
  ]);
  if (revision) await attempt(obstacles, () => refuseDirtyProduction(request.overlay, revision));
  const rendered = await attempt(obstacles, () => request.render(pinned(images)));
  const split = rendered && (await attempt(obstacles, () => withoutMigrationJob(rendered)));
  const objects = split && noted(split.objects, revision, images);
  const node =
    objects && needsNodeObjects(objects) ? await attempt(obstacles, request.renderNode) : [];
  const asked =
    target &&
    objects &&
    (await attempt(obstacles, () =>
      askCluster(target, objects, obstacles, {
        besides: [...(node ?? []), ...ingressClasses(objects), split.job],
        adopt: request.adopt ?? false,
        overlay: request.overlay,
      }),
    ));
  const judged = asked ? judge(asked, node ?? [], images) : nothingKnown(images);
  const unlisted = rendered ? await request.findUnlisted() : [];
  const database = await planMigrations(
    {
      ...{ overlay: request.overlay, migrations: migrations ?? [], images },
      asked,
    },
    obstacles,
  );
  const all = [...obstacles, ...judged.obstacles];
  const changes =
    judged.objects.some(({ what }) => what !== 'unchanged') ||
    judged.services.some(({ image }) => image === 'to build') ||
    database.image === 'to build' ||
    (database.database === 'behind' && database.pending.length > 0);
  const plan: Omit<Plan, 'fingerprint'> = {
    overlay: request.overlay,
    target: target?.description ?? 'a target that was not reached',
    commit: revision?.commit ?? '',
    branch: revision?.branch ?? '',
    outcome: all.length > 0 ? 'blocked' : changes ? 'changes' : 'nothing to do',
    ...judged,
    warnings: [...judged.warnings, ...unlisted.map(notListed)],
    migrations: database,
    obstacles: all,
  };
  return { fingerprint: fingerprintOf(plan), ...plan };
}

const notListed = (path: string): Finding => ({
  code: 'NOT_LISTED',
  message: `k8s/${path} is never deployed: no kustomization names it.`,
});

/** What is not built yet has no digest; the manifests take a stand-in for it. */
const pinned = (images: readonly FoundImage[] = []): PinnedImages =>
  Object.fromEntries(
    imageNames.map((name) => {
      const image = images.find((it) => it.service === name);
      if (!image) return [name, unbuiltImage(`unknown/${name}`)];
      const { repository, digest } = image;
      return [name, digest ? printPinnedImage({ repository, digest }) : unbuiltImage(repository)];
    }),
  );

/** As a deploy notes it, since others may have taken the notes too. */
const noted = (
  objects: readonly KubernetesObject[],
  revision: Revision | undefined,
  images: readonly FoundImage[] = [],
): readonly KubernetesObject[] =>
  withReleaseNotes(objects, {
    release: 'planned',
    commit: revision?.commit ?? '',
    sources: new Map(images.map(({ service, tag }) => [service, tag])),
  });
