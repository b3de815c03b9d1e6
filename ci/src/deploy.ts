import { foreignCall, refuseForeign } from './adopt/refuse-foreign.ts';
import { systemClock } from './clock.ts';
import type { EnsuredImage } from './images/ensure-images.ts';
import { type NameWatch, nameWatch } from './images/name-watch.ts';
import { type DiskFacts, refuseNoDisk } from './images/refuse-no-disk.ts';
import { type LookedUp, refusePlatforms, refuseUnusable } from './images/refuse-unusable.ts';
import {
  type PinnedImages,
  pinnedImages,
  unbuiltImages,
  withBuiltImages,
} from './manifests/images.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { withReleaseNotes } from './manifests/release-notes.ts';
import { compareSchema } from './migrate/compare.ts';
import { readSchema, schemaCall } from './migrate/live-schema.ts';
import { databaseName, withoutMigrationJob } from './migrate/migration-job.ts';
import type { Migration } from './migrate/migrations.ts';
import { refuseUnsafe } from './migrate/refuse-unsafe.ts';
import { releaseSchema } from './migrate/release-schema.ts';
import { refuseDiskPressure } from './nodes/disk-pressure.ts';
import { type Nodes, nodesCall, readNodes } from './nodes/nodes.ts';
import { secretCalls } from './preflight.ts';
import { isAway } from './registry/registry-error.ts';
import { bring, type Candidate } from './release/bring.ts';
import { fitObjects, type Ground, groundCalls, objectCalls, readGround } from './release/ground.ts';
import type { KnownReads } from './release/known-reads.ts';
import { readCall } from './release/lease.ts';
import { readLease } from './release/lease-calls.ts';
import { LeaseWatch } from './release/lease-watch.ts';
import type { RollOutOptions } from './release/roll-out.ts';
import { beforeApply } from './release/steps.ts';
import { type ChangeRequest, underLease } from './release/under-lease.ts';
import { fitnessCalls, fitnessOf } from './release/unfit-objects.ts';
import { requireLastingRoom, requireRoom } from './release/waves-for.ts';
import { newestProven } from './release/way-back.ts';
import { beginRelease, type Release, releaseId, type ServiceImage } from './report/release.ts';
import { createTimeline, type Timeline } from './report/timeline.ts';
import { illBefore } from './rollout/ill-before.ts';
import type { Snapshot } from './rollout/kubernetes.ts';
import { imageNames } from './services.ts';
import type { Revision } from './source/git.ts';
import { batched } from './target/batched.ts';
import type { KubectlOutput, Target } from './target/target.ts';
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
    /** Called with the tag of each service's image, before any is looked up. */
    onNamed: (service: string, tag: string) => void,
  ) => Promise<readonly EnsuredImage[]>;
  /** Renders the overlay's manifests with these images. */
  readonly render: (images: PinnedImages) => Promise<readonly KubernetesObject[]>;
  /** For which platforms images are made; what is not told is not compared with the nodes'. */
  readonly platforms?: readonly string[];
  /** For which platforms the registry has an image; undefined if it has none such. */
  readonly platformsOf?: (image: EnsuredImage) => Promise<readonly string[] | undefined>;
  /** What a node of a platform pulls of an image; undefined if the registry has none such. */
  readonly layersOf?: DiskFacts['layersOf'];
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
  const { clock = systemClock, revision } = request;
  const began: Began = { at: clock.now(), since: clock.monotonic() };
  const timeline = createTimeline(clock);
  const watch = new LeaseWatch(clock);
  const names = nameWatch(imageNames);
  const [seen, { images, found }] = await together(
    () => preflight(request, watch, names.all),
    async (signal) => {
      const images = await ensured(request, { timeline, names }, signal);
      return { images, found: await lookUp(request, images) };
    },
  );
  const { nodes } = seen;
  const objects = withBuiltImages(seen.rendered, standIns, pinnedImages(images));
  if (found) await requireUsable(request, found, { images, ...seen });
  const made = { images, objects, nodes, seconds: (clock.monotonic() - began.since) / 1_000 };
  const lease = {
    release: releaseId(began.at, revision.commit),
    timeline,
    watch,
    namespace: objects.find(({ kind }) => kind === 'Namespace'),
    reads: candidateCalls(request.target, objects),
    known: seen.known,
  };
  return underLease(request, lease, async (ground, options, outputs) => {
    const candidate = await prepare({ request, began, made, ground, outputs }, options);
    for (const line of illBefore(ground.before)) options.say(line);
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
  const live = readSchema(outputs.at(-1));
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
  const waves = await requireRoom(noted, { before, nodes, adopt: request.adopt ?? false }, target);
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
 * Asks the registry for each image as the node will, while nothing has been touched yet. A registry that is
 * away for a moment refutes nothing: the node waits for it when it pulls, and says what came of it.
 */
async function lookUp(
  { platformsOf, say }: DeployRequest,
  images: readonly EnsuredImage[],
): Promise<readonly LookedUp[] | undefined> {
  if (!platformsOf) return undefined;
  return unlessAway(say, () =>
    Promise.all(
      images.map(async (it) => ({
        ...{ service: it.service, image: `${it.repository}@${it.digest}` },
        platforms: await platformsOf(it),
      })),
    ),
  );
}

/** Throws if an image is gone or for other nodes, or if a node lacks the disk for all of them. */
async function requireUsable(
  { layersOf, say }: DeployRequest,
  found: readonly LookedUp[],
  { images, nodes, before }: Pick<Seen, 'nodes' | 'before'> & Pick<Prepared['made'], 'images'>,
): Promise<void> {
  refuseUnusable(found, nodes?.platforms);
  if (!layersOf) return;
  const ofServices = images.filter(isOfService);
  await unlessAway(say, () => refuseNoDisk({ images: ofServices, before, nodes, layersOf }));
}

async function unlessAway<T>(
  say: DeployRequest['say'],
  asking: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await asking();
  } catch (error) {
    if (!isAway(error)) throw error;
    say(`images are not looked up: ${error.message}`);
    return undefined;
  }
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
  { timeline, names }: { readonly timeline: Timeline; readonly names: NameWatch },
  signal: AbortSignal,
): Promise<readonly EnsuredImage[]> {
  const there = timeline.phase('images');
  const onImage = (service: string) => {
    if (service !== databaseName) timeline.mark(service, 'image');
  };
  return ensureImages(signal, onImage, names.named).finally(names.noMore).finally(there);
}

const serviceImage = ({ repository, digest, tag, built }: EnsuredImage): ServiceImage => ({
  image: `${repository}@${digest}`,
  source: tag,
  built,
});

/** One rendering serves a release: what it takes does not depend on which image it is. */
const standIns = unbuiltImages(imageNames);

/** What the deploy found on the cluster before it built anything. */
interface Seen {
  /** The manifests, with stand-ins for the images. */
  readonly rendered: readonly KubernetesObject[];
  readonly nodes: Nodes | undefined;
  readonly before: Snapshot;
  /** What stands for as long as nobody else has held the Lease. */
  readonly known: KnownReads;
}

/** Reads that a deploy needs once it holds the Lease, besides the ground it stands on. */
const candidateCalls = (target: Target, objects: readonly KubernetesObject[]) => [
  ...objectCalls(objects),
  schemaCall(target),
];

/**
 * Finds what would fail before an image is built: the cluster, the manifests, the Secrets, objects that
 * are paused or going, migrations that must wait, nodes of another platform, short of disk or too small.
 * Whoever holds the Lease is looked at first, so that the wait for a dead one begins, and so that what
 * is read afterwards need not be read again.
 */
async function preflight(
  request: DeployRequest,
  watch: LeaseWatch,
  named: NameWatch['all'],
): Promise<Seen> {
  const { target, render, migrations, overlay, platforms, adopt = false } = request;
  const { clock = systemClock } = request;
  const at = clock.monotonic();
  const reads = [{ ...readCall(target.namespace), leads: true }, nodesCall, schemaCall(target)];
  const [[leaseText, nodesText, schema, ...ground], rendered] = await together(
    () => target.kubectl([...reads, ...groundCalls]),
    () => render(standIns),
  );
  const lease = readLease(target, leaseText);
  watch.see(lease);
  const applied = withoutMigrationJob(rendered).objects;
  const oneTrip = batched(target);
  const [secrets, [dryRun], nodes] = await Promise.all([
    oneTrip.kubectl(secretCalls(rendered)),
    oneTrip.kubectl([foreignCall(applied, adopt)]),
    readNodes(oneTrip, nodesText),
  ]);
  const { before, records } = readGround(target, ground);
  // The dry run has looked at all objects already, unless the server took none of them.
  const fitness = await (dryRun?.exitCode === 0
    ? fitnessOf(rendered, dryRun)
    : target.kubectl(fitnessCalls(rendered)));
  await fitObjects(target, rendered, [...secrets, ...fitness]);
  await refuseForeign(target, applied, dryRun, adopt);
  const live = readSchema(schema);
  const serving = newestProven(records, overlay);
  const around = { migrations, serving, records, running: live !== undefined };
  refuseUnsafe(compareSchema(migrations, live), around);
  if (platforms) refusePlatforms(platforms, nodes?.platforms);
  if (nodes) refuseDiskPressure(nodes);
  await requireLastingRoom(applied, { before, nodes, adopt, named }, target);
  const calls = [...groundCalls, ...candidateCalls(target, rendered)];
  const outputs = [...ground, ...secrets, ...fitness, ...(schema ? [schema] : [])];
  return { rendered, nodes, before, known: { version: lease.version, at, calls, outputs } };
}
