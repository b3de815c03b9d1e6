import { foreignCalls, refuseForeign } from './adopt/refuse-foreign.ts';
import { systemClock } from './clock.ts';
import type { EnsuredImage } from './images/ensure-images.ts';
import { refusePlatforms, refuseUnusable } from './images/refuse-unusable.ts';
import { type PinnedImages, pinnedImages, unbuiltImage } from './manifests/images.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { withReleaseNotes } from './manifests/release-notes.ts';
import { compareSchema } from './migrate/compare.ts';
import { readSchema, schemaCall } from './migrate/live-schema.ts';
import { databaseName, withoutMigrationJob } from './migrate/migration-job.ts';
import type { Migration } from './migrate/migrations.ts';
import { refuseUnsafe } from './migrate/refuse-unsafe.ts';
import { releaseSchema } from './migrate/release-schema.ts';
import { type Nodes, nodesCalls, readNodes } from './nodes/nodes.ts';
import { isAway } from './registry/registry-error.ts';
import { bring, type Candidate } from './release/bring.ts';
import { fitObjects, type Ground, objectCalls } from './release/ground.ts';
import { readCall } from './release/lease.ts';
import { readLease } from './release/lease-calls.ts';
import { LeaseWatch } from './release/lease-watch.ts';
import { recordsCall, toRecords } from './release/records.ts';
import type { RollOutOptions } from './release/roll-out.ts';
import { beforeApply } from './release/steps.ts';
import { type ChangeRequest, underLease } from './release/under-lease.ts';
import { requireRoom } from './release/waves-for.ts';
import { newestProven } from './release/way-back.ts';
import { beginRelease, type Release, releaseId, type ServiceImage } from './report/release.ts';
import { createTimeline, type Timeline } from './report/timeline.ts';
import { imageNames } from './services.ts';
import type { Revision } from './source/git.ts';
import type { KubectlOutput } from './target/target.ts';
import { together } from './together.ts';

export interface DeployRequest extends ChangeRequest {
  readonly revision: Revision;
  /** Whether to take over what others have set or made on the cluster. */
  readonly adopt?: boolean;
  /** Sees to it that all images are in the registry. */
  readonly ensureImages: (
    signal: AbortSignal,
    /** Called with each service whose image is there now. */
    onImage: (service: string) => void,
  ) => Promise<readonly EnsuredImage[]>;
  /** Renders the overlay's manifests with these images. */
  readonly render: (images: PinnedImages) => Promise<readonly KubernetesObject[]>;
  /** For which platforms images are made; what is not told is not compared with the nodes'. */
  readonly platforms?: readonly string[];
  /** For which platforms the registry has an image; undefined if it has none such. */
  readonly platformsOf?: (image: EnsuredImage) => Promise<readonly string[] | undefined>;
  /** The database's, in their order. */
  readonly migrations: readonly Migration[];
  /** Told when the database has them all, before anything is applied. */
  readonly onMigrated?: () => void;
}

/**
 * Brings a release onto a target: images, then under the Lease one apply, all rollouts watched
 * together, health verified by identity. Gives back what became of every service, good or bad.
 */
export async function deploy(request: DeployRequest): Promise<Release> {
  const { clock = systemClock, render, revision } = request;
  const began: Began = { at: clock.now(), since: clock.monotonic() };
  const timeline = createTimeline(clock);
  const watch = new LeaseWatch(clock);
  const [nodes, images] = await together(
    () => preflight(request, watch),
    (signal) => ensured(request, timeline, signal),
  );
  const [objects] = await Promise.all([
    render(pinnedImages(images)),
    requireUsable(request, { images, nodes }),
  ]);
  const made = { images, objects, nodes, seconds: (clock.monotonic() - began.since) / 1_000 };
  const lease = {
    release: releaseId(began.at, revision.commit),
    timeline,
    watch,
    namespace: objects.find(({ kind }) => kind === 'Namespace'),
    reads: [...objectCalls(objects), schemaCall(request.target)],
  };
  return underLease(request, lease, async (ground, options, outputs) => {
    const candidate = await prepare({ request, began, made, ground, outputs }, options);
    for (const step of beforeApply) await step(candidate, options);
    request.onMigrated?.();
    return bring(candidate, options);
  });
}

interface Began {
  readonly at: Date;
  /** By the monotonic clock. */
  readonly since: number;
}

interface Prepared {
  readonly request: DeployRequest;
  readonly began: Began;
  readonly made: {
    readonly images: readonly EnsuredImage[];
    readonly objects: readonly KubernetesObject[];
    readonly nodes: Nodes | undefined;
    readonly seconds: number;
  };
  readonly ground: Ground;
  /** What the cluster said to the objects. */
  readonly outputs: readonly KubectlOutput[];
}

/** Makes the release of what was built and what is there. Throws if the cluster would not take it. */
async function prepare(
  { request, began, made, ground, outputs }: Prepared,
  { held, target }: RollOutOptions,
): Promise<Candidate> {
  const { overlay, by, revision, migrations } = request;
  const { commit, branch } = revision;
  const begun = beginRelease(
    began.at,
    { overlay, target: target.description, commit, branch, ...(by ? { by } : {}) },
    ground.records[0]?.release.id,
  );
  held.at('prepare', begun.id);
  const fit = await fitObjects(target, made.objects, outputs);
  const { objects, job } = withoutMigrationJob(fit);
  const live = readSchema(outputs[objectCalls(made.objects).length]);
  const comparison = compareSchema(migrations, live);
  const { records, before } = ground;
  const serving = newestProven(records, overlay);
  refuseUnsafe(comparison, {
    migrations,
    serving,
    records,
    running: before.deployments.length > 0,
  });
  const image = imageOf(made.images, databaseName);
  const pending = 'pending' in comparison ? comparison.pending : [];
  const schema = releaseSchema(migrations, image, { pending, serving, records });
  const sources = new Map(made.images.map((it) => [it.service, it.tag]));
  const noted = withReleaseNotes(objects, { release: begun.id, commit, sources });
  const { nodes } = made;
  // What is taken over serves beside the new pods, which are made before the release rolls.
  const waves = request.adopt ? [] : await requireRoom(noted, { before, nodes }, target);
  return {
    ...ground,
    release: {
      ...begun,
      schema,
      seconds: { ...begun.seconds, images: made.seconds },
      ...(request.adopt ? { adopts: true } : {}),
    },
    objects: noted,
    images: new Map(made.images.filter(isOfService).map((it) => [it.service, serviceImage(it)])),
    since: began.since,
    migration: { job, image, comparison },
    ...{ waves, nodes },
  };
}

/**
 * Asks the registry for each image as the node will, while nothing has been touched yet. One that is
 * away for a moment refutes nothing: the node waits for it when it pulls, and says what came of it.
 */
async function requireUsable(
  { platformsOf, say }: DeployRequest,
  { images, nodes }: Pick<Prepared['made'], 'images' | 'nodes'>,
): Promise<void> {
  if (!platformsOf) return;
  const found = await Promise.all(
    images.map(async (it) => ({
      ...{ service: it.service, image: `${it.repository}@${it.digest}` },
      platforms: await platformsOf(it),
    })),
  ).catch((error: unknown) => {
    if (!isAway(error)) throw error;
    say(`images are not looked up: ${error.message}`);
    return [];
  });
  refuseUnusable(found, nodes?.platforms);
}

const isOfService = ({ service }: EnsuredImage): boolean => service !== databaseName;

function imageOf(images: readonly EnsuredImage[], name: string): string {
  const found = images.find(({ service }) => service === name);
  if (!found) throw new TypeError(`deploy: expected an image of ${name}`);
  return `${found.repository}@${found.digest}`;
}

/** Sees to it that all images are there, and notes since when. */
async function ensured(
  { ensureImages }: DeployRequest,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<readonly EnsuredImage[]> {
  const there = timeline.phase('images');
  const onImage = (service: string) => {
    if (service !== databaseName) timeline.mark(service, 'image');
  };
  return ensureImages(signal, onImage).finally(there);
}

const serviceImage = ({ repository, digest, tag, built }: EnsuredImage): ServiceImage => ({
  image: `${repository}@${digest}`,
  source: tag,
  built,
});

/**
 * Finds what would fail before an image is built: the cluster, the manifests, the Secrets, objects that
 * are paused or going, migrations that must wait, nodes of another platform. Whoever holds the Lease is looked at too, so that the
 * wait for a dead one begins.
 */
async function preflight(
  { target, render, migrations, overlay, platforms, adopt = false }: DeployRequest,
  watch: LeaseWatch,
): Promise<Nodes | undefined> {
  const unbuilt = imageNames.map((name) => [name, unbuiltImage(`unbuilt/${name}`)]);
  const objects = await render(Object.fromEntries(unbuilt));
  const applied = withoutMigrationJob(objects).objects;
  const ownCalls = objectCalls(objects);
  const [lease, recorded, health, nodesText, podsText, ...outputs] = await target.kubectl([
    readCall(target.namespace),
    recordsCall,
    schemaCall(target),
    ...nodesCalls,
    ...ownCalls,
    ...foreignCalls(applied, adopt),
  ]);
  watch.see(readLease(target, lease));
  await fitObjects(target, objects, outputs.slice(0, ownCalls.length));
  await refuseForeign(target, applied, outputs.slice(ownCalls.length), adopt);
  const live = readSchema(health);
  const records = toRecords(target, recorded);
  const serving = newestProven(records, overlay);
  const around = { migrations, serving, records, running: live !== undefined };
  refuseUnsafe(compareSchema(migrations, live), around);
  const nodes = await readNodes(target, [nodesText, podsText]);
  if (platforms) refusePlatforms(platforms, nodes?.platforms);
  return nodes;
}
