import { systemClock } from './clock.ts';
import type { EnsuredImage } from './images/ensure-images.ts';
import { type NameWatch, nameWatch } from './images/name-watch.ts';
import { type DiskFacts, refuseNoDisk } from './images/refuse-no-disk.ts';
import { type LookedUp, refuseUnusable } from './images/refuse-unusable.ts';
import {
  type PinnedImages,
  pinnedImages,
  printPinnedImage,
  withBuiltImages,
} from './manifests/images.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { withReleaseNotes } from './manifests/release-notes.ts';
import { compareSchema } from './migrate/compare.ts';
import { readSchema } from './migrate/live-schema.ts';
import { databaseName, withoutMigrationJob } from './migrate/migration-job.ts';
import { isDue } from './migrate/migration-part.ts';
import type { Migration } from './migrate/migrations.ts';
import { refuseUnsafe } from './migrate/refuse-unsafe.ts';
import { releaseSchema } from './migrate/release-schema.ts';
import type { Nodes } from './nodes/nodes.ts';
import { isAway } from './registry/registry-error.ts';
import { bring, type Candidate } from './release/bring.ts';
import { fitObjects, type Ground } from './release/ground.ts';
import { LeaseWatch } from './release/lease-watch.ts';
import { candidateCalls, type Found, preflight, standIns } from './release/preflight.ts';
import type { RollOutOptions } from './release/roll-out.ts';
import { beforeApply } from './release/steps.ts';
import { type ChangeRequest, underLease } from './release/under-lease.ts';
import { requireRoom } from './release/waves-for.ts';
import { newestProven } from './release/way-back.ts';
import { beginRelease, type Release, releaseId, type ServiceImage } from './report/release.ts';
import { createTimeline, type Timeline } from './report/timeline.ts';
import { illBefore } from './rollout/ill-before.ts';
import { judge } from './rollout/judge.ts';
import type { Snapshot } from './rollout/kubernetes.ts';
import { imageNames, services } from './services.ts';
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
  const ensuring = Promise.withResolvers<readonly EnsuredImage[] | undefined>();
  const release = releaseId(began.at, revision.commit);
  const toCome = { named: names.all, ensured: ensuring.promise };
  const [seen, { images, found }] = await together(
    () => preflight(request, { release, watch, images: toCome }),
    async (signal) => {
      const coming = ensured(request, { timeline, names }, signal);
      coming.then(ensuring.resolve, () => ensuring.resolve(undefined));
      const images = await coming;
      return { images, found: await lookUp(request, images) };
    },
  );
  const { nodes, changesNothing } = seen;
  const objects = withBuiltImages(seen.rendered, standIns, pinnedImages(images));
  if (found) await requireUsable(request, found, { images, ...seen });
  const seconds = (clock.monotonic() - began.since) / 1_000;
  const made = { images, objects, nodes, changesNothing, seenAt: seen.known.at, seconds };
  const lease = {
    release,
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
    /** Whether the apply would change nothing of what was there then. */
    readonly changesNothing: boolean;
    /** When that was, by the monotonic clock. */
    readonly seenAt: number;
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
  const { records, before, endpoints } = ground;
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
  const migration = { job, image, comparison };
  const isApplied =
    made.changesNothing && ground.isAsKnown && !isDue(migration) && areReady(before);
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
    ...{ migration, waves, nodes },
    ...(isApplied ? { applied: { snapshot: before, endpoints, at: made.seenAt } } : {}),
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
        ...{ service: it.service, image: printPinnedImage(it) },
        platforms: await platformsOf(it),
      })),
    ),
  );
}

/** Throws if an image is gone or for other nodes, or if a node lacks the disk for all of them. */
async function requireUsable(
  { layersOf, say }: DeployRequest,
  found: readonly LookedUp[],
  { images, nodes, before }: Pick<Found, 'nodes' | 'before'> & Pick<Prepared['made'], 'images'>,
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

const areReady = (before: Snapshot): boolean =>
  services.every(({ name }) => judge(name, before).state === 'ready');

const isOfService = ({ service }: EnsuredImage): boolean => service !== databaseName;

function imageOf(images: readonly EnsuredImage[], name: string): string {
  const found = images.find(({ service }) => service === name);
  if (!found) throw new TypeError(`deploy: expected an image of ${name}`);
  return printPinnedImage(found);
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

const serviceImage = (image: EnsuredImage): ServiceImage => ({
  image: printPinnedImage(image),
  source: image.tag,
  built: image.built,
});
