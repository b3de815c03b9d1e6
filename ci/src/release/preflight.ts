import { refuseForeign } from '../adopt/refuse-foreign.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { DeployRequest } from '../deploy.ts';
import type { EnsuredImage } from '../images/ensure-images.ts';
import type { NameWatch } from '../images/name-watch.ts';
import { refusePlatforms } from '../images/refuse-unusable.ts';
import { pinnedImages, unbuiltImages, withBuiltImages } from '../manifests/images.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { withNotes } from '../manifests/release-notes.ts';
import { withSecretVersions } from '../manifests/secret-versions.ts';
import { secretsCall } from '../manifests/secrets.ts';
import { compareSchema } from '../migrate/compare.ts';
import { readSchema, schemaCall } from '../migrate/live-schema.ts';
import { withoutMigrationJob } from '../migrate/migration-job.ts';
import { refuseUnsafe } from '../migrate/refuse-unsafe.ts';
import { refuseDiskPressure } from '../nodes/disk-pressure.ts';
import { type Nodes, nodesCall, readNodes } from '../nodes/nodes.ts';
import { readSecretStates, requireSecrets } from '../preflight.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { imageNames, services } from '../services.ts';
import { batched } from '../target/batched.ts';
import type { Target } from '../target/target.ts';
import { together } from '../together.ts';
import { groundCalls, objectCalls, readGround } from './ground.ts';
import type { KnownReads } from './known-reads.ts';
import { readCall } from './lease.ts';
import { readLease } from './lease-calls.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { changesNothing, readTrial, trialCalls } from './trial.ts';
import { fitnessCalls, fitnessOf, refuseUnfit } from './unfit-objects.ts';
import { requireLastingRoom } from './waves-for.ts';
import { newestProven } from './way-back.ts';

/** One rendering serves a release: what it takes does not depend on which image it is. */
export const standIns = unbuiltImages(imageNames);

/** What the deploy found on the cluster before it built anything. */
export interface Found {
  /** The manifests, with stand-ins for the images. */
  readonly rendered: readonly KubernetesObject[];
  readonly nodes: Nodes | undefined;
  readonly before: Snapshot;
  /** What stands for as long as nobody else has held the Lease. */
  readonly known: KnownReads;
  /** Whether the server says that the apply would change nothing; it was asked only if the images were known. */
  readonly changesNothing: boolean;
}

/** What comes of the images while the cluster is asked. */
export interface ImagesToCome {
  readonly named: NameWatch['all'];
  /** Undefined if they cannot be had. */
  readonly ensured: Promise<readonly EnsuredImage[] | undefined>;
}

export interface PreflightOptions {
  /** Id of the release that is to come. */
  readonly release: string;
  readonly watch: LeaseWatch;
  readonly images: ImagesToCome;
}

/** Reads that a deploy needs once it holds the Lease, besides the ground it stands on. */
export const candidateCalls = (target: Target, objects: readonly KubernetesObject[]) => [
  ...objectCalls(objects),
  schemaCall(target),
];

/**
 * Finds what would fail before an image is built: the cluster, the manifests, the Secrets, objects that
 * are paused or going, migrations that must wait, nodes of another platform, short of disk or too small.
 * Whoever holds the Lease is looked at first, so that the wait for a dead one begins, and so that what
 * is read afterwards need not be read again.
 */
export async function preflight(
  request: DeployRequest,
  { release, watch, images }: PreflightOptions,
): Promise<Found> {
  const { target, render, migrations, overlay, platforms, adopt = false } = request;
  const { clock = systemClock } = request;
  const at = clock.monotonic();
  const lead = { ...readCall(target.namespace), leads: true };
  const reads = [lead, nodesCall, schemaCall(target), secretsCall, ...groundCalls];
  const [[leaseText, nodesText, schema, secrets, ...ground], rendered] = await together(
    () => target.kubectl(reads),
    () => render(standIns),
  );
  const lease = readLease(target, leaseText);
  watch.see(lease);
  const { before, records } = readGround(target, ground);
  const present = readSecretStates(target, secrets);
  requireSecrets(rendered, present);
  const there = await imagesThatRun(images, before, clock);
  const pinned = there ? withBuiltImages(rendered, standIns, pinnedImages(there)) : rendered;
  const { objects } = withoutMigrationJob(withSecretVersions(pinned, present));
  // What a release notes differs with each, and changes nothing that runs.
  const applied = withNotes(
    objects,
    before.deployments.filter(({ release: noted }) => noted !== ''),
  );
  const oneTrip = batched(target);
  const [trial, nodes] = await Promise.all([
    oneTrip.kubectl(trialCalls(applied, { release, adopt })),
    readNodes(oneTrip, nodesText),
  ]);
  const tried = readTrial(trial);
  // The trial has looked at all objects already, unless the server took none of them.
  const fitness = await (tried
    ? fitnessOf(rendered, tried)
    : target.kubectl(fitnessCalls(rendered)));
  await refuseUnfit(target, rendered, fitness);
  if (!tried) await refuseForeign(target, applied, adopt);
  const live = readSchema(schema);
  const serving = newestProven(records, overlay);
  const around = { migrations, serving, records, running: live !== undefined };
  refuseUnsafe(compareSchema(migrations, live), around);
  if (platforms) refusePlatforms(platforms, nodes?.platforms);
  if (nodes) refuseDiskPressure(nodes);
  await requireLastingRoom(applied, { before, nodes, adopt, named: images.named }, target);
  const calls = [...groundCalls, ...candidateCalls(target, rendered)];
  const outputs = [...ground, secrets, ...fitness, schema].filter((it) => it !== undefined);
  return {
    ...{ rendered, nodes, before },
    known: { version: lease.version, at, calls, outputs },
    changesNothing:
      there !== undefined && !adopt && tried !== undefined && changesNothing(applied, tried),
  };
}

/** Milliseconds to look an image up that is there; the trial waits no longer for it. */
const lookUpMs = 3_000;

/**
 * The images, if they are made of the sources that run already: then they are there in a moment, and the
 * trial can tell whether anything changes at all.
 */
async function imagesThatRun(
  { named, ensured }: ImagesToCome,
  { deployments }: Snapshot,
  clock: Clock,
): Promise<readonly EnsuredImage[] | undefined> {
  const tags = await Promise.race([named, undefined]);
  const runs = new Map(deployments.map(({ name, source }) => [name, source]));
  if (!tags || services.some(({ name }) => tags.get(name) !== runs.get(name))) return undefined;
  const known = await Promise.race([ensured, undefined]);
  if (known) return known;
  const over = new AbortController();
  const patience = clock.sleep(lookUpMs, over.signal).then(() => undefined);
  return Promise.race([ensured, patience]).finally(() => over.abort());
}
