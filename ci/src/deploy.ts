import { type Clock, systemClock } from './clock.ts';
import type { EnsuredImage } from './images/ensure-images.ts';
import { type PinnedImages, unbuiltImage } from './manifests/images.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { withReleaseNotes } from './manifests/release-notes.ts';
import { secretVersions } from './preflight.ts';
import { bring, type Candidate } from './release/bring.ts';
import { readRecords } from './release/records.ts';
import { beginRelease, type Release, type ServiceImage } from './report/release.ts';
import { createTimeline, type Timeline } from './report/timeline.ts';
import { takeSnapshot } from './rollout/snapshot.ts';
import { services } from './services.ts';
import type { Revision } from './source/git.ts';
import type { Target } from './target/target.ts';

export interface DeployRequest {
  readonly overlay: string;
  readonly revision: Revision;
  readonly target: Target;
  /** Sees to it that all images are in the registry. */
  readonly ensureImages: (
    signal: AbortSignal,
    /** Called with each service whose image is there now. */
    onImage: (service: string) => void,
  ) => Promise<readonly EnsuredImage[]>;
  /** Renders the overlay's manifests with these images. */
  readonly render: (images: PinnedImages) => Promise<readonly KubernetesObject[]>;
  /** Seconds for which all must stay healthy before the release counts as verified. */
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  /** Seconds that the rollouts may take; the founding document gives them ten minutes. */
  readonly timeoutSeconds?: number;
}

/**
 * Brings a release onto a target: images, one apply, all rollouts watched together, health verified
 * by identity. Gives back what became of every service, whether good or bad.
 */
export async function deploy(request: DeployRequest): Promise<Release> {
  const { target, say, clock = systemClock, timeoutSeconds = 600 } = request;
  const startedAt = clock.now();
  const { commit, branch } = request.revision;
  const begun = beginRelease(startedAt, {
    ...{ overlay: request.overlay, target: target.description },
    ...{ commit, branch },
  });
  const time = stopwatch(clock);
  const timeline = createTimeline(clock);

  const abort = new AbortController();
  const [before, images] = await together(abort, [
    preflight(request),
    ensured(request, timeline, abort.signal),
  ]);
  const rendered = await request.render(pinned(images));
  const noted = withReleaseNotes(rendered, {
    release: begun.id,
    commit,
    sources: new Map(images.map((image) => [image.service, image.tag])),
  });
  const release = { ...begun, seconds: { ...begun.seconds, images: time() } };
  return bring(
    {
      release,
      objects: await secretVersions(target, noted),
      images: new Map(images.map((image) => [image.service, serviceImage(image)])),
      ...before,
    },
    { target, clock, say, soakSeconds: request.soakSeconds, timeoutSeconds, timeline },
  );
}

/** Sees to it that all images are there, and notes since when. */
async function ensured(
  { ensureImages }: DeployRequest,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<readonly EnsuredImage[]> {
  const there = timeline.phase('images');
  return ensureImages(signal, (service) => timeline.mark(service, 'image')).finally(there);
}

const serviceImage = ({ repository, digest, tag, built }: EnsuredImage): ServiceImage => ({
  image: `${repository}@${digest}`,
  source: tag,
  built,
});

function stopwatch(clock: Clock): () => number {
  const started = clock.monotonic();
  return () => (clock.monotonic() - started) / 1_000;
}

const pinned = (images: readonly EnsuredImage[]): PinnedImages =>
  Object.fromEntries(
    images.map(({ service, repository, digest }) => [service, `${repository}@${digest}`]),
  );

/** What the cluster holds before a release. */
type Before = Pick<Candidate, 'before' | 'records'>;

/** Finds what would fail before an image is built: the cluster, the manifests, the Secrets. */
async function preflight({ target, render }: DeployRequest): Promise<Before> {
  const unbuilt = services.map(({ name }) => [name, unbuiltImage(`unbuilt/${name}`)]);
  const [before, records, objects] = await Promise.all([
    takeSnapshot(target),
    readRecords(target),
    render(Object.fromEntries(unbuilt)),
  ]);
  await secretVersions(target, objects);
  return { before, records };
}

/** Waits for both, so that nothing goes on behind a failed deploy; a failure stops the other. */
async function together<A, B>(
  abort: AbortController,
  work: [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  let first: { error: unknown } | undefined;
  for (const promise of work) {
    promise.catch((error: unknown) => {
      first ??= { error };
      abort.abort();
    });
  }
  await Promise.allSettled(work);
  if (first) throw (first as { error: unknown }).error;
  return Promise.all(work);
}
