import { type Clock, systemClock } from './clock.ts';
import { PipelineError } from './errors.ts';
import { evidenceOfIll } from './health/evidence.ts';
import { type ServiceHealth, verifyHealth } from './health/verify.ts';
import type { EnsuredImage } from './images/ensure-images.ts';
import type { PinnedImages } from './manifests/images.ts';
import type { KubernetesObject } from './manifests/objects.ts';
import { applyCall } from './manifests/payload.ts';
import { withReleaseNotes } from './manifests/release-notes.ts';
import { secretVersions } from './preflight.ts';
import { type Release, releaseId, releaseState, type ServiceResult } from './report/release.ts';
import { collectEvidence, type Evidence } from './rollout/evidence.ts';
import type { Snapshot } from './rollout/kubernetes.ts';
import { podsOf } from './rollout/pods-of.ts';
import { takeSnapshot } from './rollout/snapshot.ts';
import type { Verdict } from './rollout/verdict.ts';
import { watchRollouts } from './rollout/watch.ts';
import { type Service, services } from './services.ts';
import type { Revision } from './source/git.ts';
import type { Target } from './target/target.ts';

export interface DeployRequest {
  readonly overlay: string;
  readonly revision: Revision;
  readonly target: Target;
  /** Sees to it that all images are in the registry. */
  readonly ensureImages: (signal: AbortSignal) => Promise<readonly EnsuredImage[]>;
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
  const { target, say, clock = systemClock } = request;
  const startedAt = clock.now();
  const id = releaseId(startedAt, request.revision.commit);
  const time = stopwatch(clock);

  const abort = new AbortController();
  const [before, images] = await together(abort, [
    preflight(request),
    request.ensureImages(abort.signal),
  ]);
  const imageSeconds = time();

  const rendered = await request.render(pinned(images));
  const sources = new Map(images.map((image) => [image.service, image.tag]));
  const noted = withReleaseNotes(rendered, {
    release: id,
    commit: request.revision.commit,
    sources,
  });
  await apply(target, await secretVersions(target, noted));
  const applySeconds = time();
  say('applied; watching the rollouts');

  const watched = await watchRollouts({
    target,
    clock,
    say,
    services: services.map((service) => service.name),
    timeoutSeconds: request.timeoutSeconds ?? 600,
  });
  const failed = watched.verdicts.filter((verdict) => verdict.state === 'failed');
  const servingSeconds = time();
  const madePods = new Map(
    services.map(({ name }) => [name, newPods(name, before, watched.snapshot)]),
  );
  // What did not roll has stood its soak already.
  const rolled = [...madePods.values()].some((count) => count > 0);
  const hasFailed = ({ name }: Service) => failed.some((verdict) => verdict.service === name);
  const asked = services.filter((service) => !hasFailed(service));
  // A release that has failed already is not watched for longer; a degraded one has yet to be proven.
  const soaks = rolled && !services.some((service) => service.critical && hasFailed(service));
  const [evidence, healths] = await Promise.all([
    ifPossible(say, collectEvidence(target, failed, watched.snapshot)),
    verifyHealth({
      target,
      clock,
      say,
      sources,
      soakSeconds: soaks ? request.soakSeconds : 0,
      services: asked,
    }).catch((error: unknown) => unproven(asked, error)),
  ]);
  evidence.push(...(await ifPossible(say, evidenceOfIll(target, healths))));
  const results = services.map((service) =>
    serviceResult(service, {
      image: images.find((image) => image.service === service.name),
      verdict: watched.verdicts.find((verdict) => verdict.service === service.name),
      health: healths.find((health) => health.service === service.name),
      evidence: evidence.find((it) => it.service === service.name),
      readySeconds: watched.readyAfter.get(service.name),
      newPods: madePods.get(service.name) ?? 0,
    }),
  );
  return {
    id,
    overlay: request.overlay,
    target: target.description,
    commit: request.revision.commit,
    branch: request.revision.branch,
    state: releaseState(results),
    startedAt: startedAt.toISOString(),
    seconds: {
      images: imageSeconds,
      apply: applySeconds - imageSeconds,
      serving: servingSeconds - applySeconds,
      verified: time() - servingSeconds,
      total: time(),
    },
    services: results,
  };
}

async function apply(target: Target, objects: readonly KubernetesObject[]): Promise<void> {
  const [applied] = await target.kubectl([applyCall(objects)]);
  if (applied?.exitCode === 0) return;
  throw new PipelineError(
    'APPLY_FAILED',
    `kubectl apply was refused by ${target.description}:\n${applied?.stderr.trim() ?? ''}`,
    {
      cure: 'Objects before the refused one may be applied already; mend the cause and deploy again.',
    },
  );
}

/** The verdict stands without evidence: what cannot be fetched any more is said, and no failure. */
async function ifPossible(
  say: DeployRequest['say'],
  evidence: Promise<Evidence[]>,
): Promise<Evidence[]> {
  try {
    return await evidence;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    say(`logs could not be fetched: ${error.summary}`);
    return [];
  }
}

/** What rolled out and could not be asked is not proven; the report tells so beside all the rest. */
function unproven(asked: readonly Service[], error: unknown): ServiceHealth[] {
  if (!(error instanceof PipelineError)) throw error;
  return asked.map(({ name, critical }) => ({
    service: name,
    critical,
    healthy: false,
    message: `could not be asked: ${error.summary}`,
    findings: [],
    source: '',
    commit: '',
  }));
}

interface Findings {
  readonly image: EnsuredImage | undefined;
  readonly verdict: Verdict | undefined;
  readonly health: ServiceHealth | undefined;
  readonly evidence: Evidence | undefined;
  readonly readySeconds: number | undefined;
  readonly newPods: number;
}

function serviceResult(service: Service, findings: Findings): ServiceResult {
  const { image, verdict, health, evidence, readySeconds } = findings;
  const failed = verdict?.state === 'failed';
  const common = {
    service: service.name,
    critical: service.critical,
    image: image ? `${image.repository}@${image.digest}` : '',
    source: image?.tag ?? '',
    built: image?.built ?? false,
    newPods: findings.newPods,
    ...(verdict?.exitCode === undefined ? {} : { exitCode: verdict.exitCode }),
    ...(evidence ? { evidence } : {}),
  };
  if (failed) return { ...common, proven: false, code: verdict.code, message: verdict.message };
  const proven = health?.healthy ?? false;
  return {
    ...common,
    proven,
    code: proven ? 'HEALTHY' : 'UNHEALTHY',
    message: health?.message ?? 'was not asked',
    ...(readySeconds === undefined ? {} : { readySeconds }),
  };
}

/** Pods of a service that were not there before. */
function newPods(service: string, before: Snapshot, after: Snapshot): number {
  const deployment = after.deployments.find((it) => it.name === service);
  if (!deployment) return 0;
  const known = new Set(before.pods.map((pod) => pod.uid));
  const { newPods, oldPods, deadPods } = podsOf(deployment, after);
  return [...newPods, ...oldPods, ...deadPods].filter((pod) => !known.has(pod.uid)).length;
}

function stopwatch(clock: Clock): () => number {
  const started = clock.monotonic();
  return () => (clock.monotonic() - started) / 1_000;
}

const pinned = (images: readonly EnsuredImage[]): PinnedImages =>
  Object.fromEntries(
    images.map(({ service, repository, digest }) => [service, `${repository}@${digest}`]),
  );

/** Finds what would fail before an image is built: the cluster, the manifests, the Secrets. */
async function preflight({ target, render }: DeployRequest): Promise<Snapshot> {
  const digest = `sha256:${'0'.repeat(64)}`;
  const unbuilt = services.map(({ name }) => [name, `unbuilt/${name}@${digest}`]);
  const [snapshot, objects] = await Promise.all([
    takeSnapshot(target),
    render(Object.fromEntries(unbuilt)),
  ]);
  await secretVersions(target, objects);
  return snapshot;
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
