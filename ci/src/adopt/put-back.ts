import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { printManifests } from '../manifests/text.ts';
import { patiently } from '../patiently.ts';
import { clientSideApply } from '../plan/hand-made.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import { watchRollouts } from '../rollout/watch.ts';
import type { KubectlCall } from '../target/target.ts';
import { change } from './change.ts';
import { closeToOldPods, withoutLabels } from './old-pods.ts';
import type { Takeover } from './takeover.ts';
import { forgetTakeover } from './takeover-record.ts';

/**
 * Puts everything back as a takeover found it: the network and the Services, which the old pods serve
 * at once, then their Deployments, and what was new goes. Gives back what stood in the way, if
 * anything did; the takeover's record then stays, for the next try.
 */
export async function putBack(
  takeover: Takeover,
  options: RollOutOptions,
): Promise<string | undefined> {
  options.say('putting back what served before');
  try {
    const newSets = await setsOf(takeover, options);
    await change(options, 'put back', restoring(takeover));
    const trouble = await requireFound(takeover, options);
    if (trouble) return trouble;
    await change(options, 'put back', [
      ...remove([...newSets, ...takeover.made.filter((name) => !isRule(name))]),
      closeToOldPods,
      forgetTakeover,
    ]);
    return undefined;
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code === 'LEASE_LOST') throw error;
    return error.what;
  }
}

/** The ReplicaSets that the takeover has made, which a Deployment leaves behind when it goes. */
async function setsOf(
  { replaced, sets }: Takeover,
  { clock, target }: RollOutOptions,
): Promise<readonly string[]> {
  const { deployments, replicaSets } = await patiently(clock, () => takeSnapshot(target));
  const own = deployments.filter(({ name }) => replaced.includes(name)).map(({ uid }) => uid);
  const old = sets.map(({ name }) => name);
  return replicaSets
    .filter(({ name, ownerUid }) => own.includes(ownerUid) && !old.includes(name))
    .map(({ name }) => `replicaset.apps/${name}`);
}

function restoring(takeover: Takeover): readonly KubectlCall[] {
  const { found, made, replaced } = takeover;
  const isOld = ({ kind, metadata }: KubernetesObject) =>
    kind === 'Deployment' && replaced.includes(metadata.name);
  const orphan = ['--cascade=orphan', '--ignore-not-found', '--timeout=50s'];
  return [
    ...remove(made.filter(isRule)),
    ...put(
      'replace',
      found.filter((it) => !isOld(it)),
    ),
    ...withoutLabels(takeover),
    ...(replaced.length > 0
      ? [{ args: ['delete', 'deployment', ...replaced, ...orphan], timeoutSeconds: 60 }]
      : []),
    ...put('create', found.filter(isOld)),
  ];
}

async function requireFound(
  { found }: Takeover,
  { target, clock, say, timeoutSeconds, timeline }: RollOutOptions,
): Promise<string | undefined> {
  const services = found
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => metadata.name);
  if (services.length === 0) return undefined;
  const options = { target, clock, say, timeoutSeconds, timeline, services };
  const { verdicts } = await watchRollouts(options);
  const sick = verdicts.filter(({ state }) => state !== 'ready');
  if (sick.length === 0) return undefined;
  return sick.map(({ service, message }) => `${service}: ${message}`).join('; ');
}

const isRule = (name: string): boolean => name.startsWith('networkpolicy.');

const remove = (names: readonly string[]): readonly KubectlCall[] =>
  names.length === 0
    ? []
    : [{ args: ['delete', '--ignore-not-found', '--wait=false', ...names], timeoutSeconds: 60 }];

const put = (
  verb: 'replace' | 'create',
  objects: readonly KubernetesObject[],
): readonly KubectlCall[] =>
  objects.length === 0
    ? []
    : [
        {
          // They were a client-side apply's, and shall be taken over as that another time.
          args: [verb, `--field-manager=${clientSideApply}`, '--filename=-'],
          input: printManifests(objects),
          timeoutSeconds: 60,
        },
      ];
