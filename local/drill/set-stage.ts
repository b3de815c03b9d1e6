import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deploy } from '../../ci/src/deploy.ts';
import { type PinnedImages, pinnedImages } from '../../ci/src/manifests/images.ts';
import { renderManifests } from '../../ci/src/manifests/render.ts';
import { migrationsIn } from '../../ci/src/migrate/migrations.ts';
import { readSourceTree } from '../../ci/src/source/source-tree.ts';
import { createAdmin } from '../admin.ts';
import { ownPlatform } from '../images/own-platform.ts';
import { preparePlatformImages } from '../images/platform-images.ts';
import { claimNamespace, dropNamespace } from '../namespace.ts';
import { ownPlace } from '../own-place.ts';
import { localRevision } from '../revision.ts';
import { applySecret } from '../secret.ts';
import { startServers } from '../servers.ts';
import type { Instance } from '../state.ts';
import { type Altered, altered } from './altered.ts';
import { createPutter } from './put.ts';
import type { BareStage, Change } from './stage.ts';
import { differences, readStanding, type Standing } from './standing.ts';

const overlay = 'local';

export interface StageManager {
  readonly stage: BareStage;
  /**
   * Undoes what a drill did. Brings a verified release again unless all stands as it did before, or
   * nobody knows what the drill has left behind.
   */
  readonly reset: (drillEnded: boolean) => Promise<void>;
}

export interface StageOptions {
  readonly instance: Instance;
  /** The repository's root. */
  readonly repository: string;
  readonly say: (line: string) => void;
}

/** Starts the servers, builds the images once and brings up the platform that drills break. */
export async function setStage({ instance, repository, say }: StageOptions): Promise<StageManager> {
  const place = await ownPlace(instance, say);
  // They run by now, and are only found.
  const servers = await startServers(instance, () => undefined);
  const admin = createAdmin(place.kubectl, place.kubeconfig);
  const revision = await localRevision(repository);
  const { registry } = place;
  const platforms = [ownPlatform()];
  const prepared = { instance, repository, registry, revision, platforms, say };
  const { ensureImages, platformsOf, layersOf } = await preparePlatformImages(prepared);
  const [images, database] = await Promise.all([ensureImages(), place.prepareDatabase()]);
  const migrations = migrationsIn(await readSourceTree(repository));
  const target = await place.openTarget();

  const render = (pinned: PinnedImages) => {
    const folder = join(repository, 'k8s');
    return renderManifests({ folder, overlay, images: pinned, kubectl: place.kubectl });
  };
  const kept: Altered[] = [];
  const deployChanged = (asked: Change = {}) => {
    const { objects, images: exchange, imagesTake = 0, ...request } = asked;
    const change = { ...(objects ? { objects } : {}), ...(exchange ? { images: exchange } : {}) };
    const brought = altered([...kept, change]);
    return deploy({
      ...{ overlay, revision, target, migrations, platforms, platformsOf, layersOf, say },
      ...{ soakSeconds: 0, timeoutSeconds: 120 },
      ...request,
      ensureImages: async (_signal, _onImage, onNamed) => {
        const brings = brought.images(images);
        // New images bear the names of those that run, since they tell the same of themselves; real ones have their own.
        if (imagesTake === 0) for (const { service, tag } of brings) onNamed(service, tag);
        await sleep(imagesTake * 1_000);
        return brings;
      },
      render: async (pinned) => brought.objects(await render(pinned)),
    });
  };

  const undo: (() => Promise<unknown>)[] = [];
  const putter = createPutter(admin);
  let standing: Standing | undefined;
  /** A service whose Deployment is proven otherwise than it stood. */
  let mayDiffer: string | undefined;
  const stage: BareStage = {
    ...{ instance, place, servers, target, images, admin, say },
    deploy: deployChanged,
    prepare: async () => {
      const brought = altered(kept);
      const own = brought.images(images);
      return {
        revision,
        migrations,
        images: own,
        objects: brought.objects(await render(pinnedImages(own))),
      };
    },
    keep: (service, what) => {
      kept.push(what);
      mayDiffer = service;
    },
    put: putter.put,
    after: (work) => void undo.push(work),
  };

  const restore = async () => {
    await claimNamespace(admin, place.instanceId);
    await applySecret(admin, instance, database);
    const { state } = await deployChanged({ say: () => undefined, holderIsDead: true });
    if (state !== 'verified') throw new Error(`the platform is ${state} without any drill`);
    standing = await readStanding(admin);
  };
  const standsAsBefore = async () => {
    const [before, now] = [standing, await readStanding(admin)];
    const same = before && now && differences(before, now, mayDiffer).length === 0;
    mayDiffer = undefined;
    standing = now;
    return same === true;
  };
  const reset = async (drillEnded: boolean) => {
    try {
      for (const work of undo.splice(0).toReversed()) await work();
      await putter.removeAll();
      if (!drillEnded) kept.length = 0;
      if (!drillEnded || !(await standsAsBefore())) await restore();
    } catch (error) {
      say(`the platform is made anew: ${String(error)}`);
      await dropNamespace(admin, place.instanceId);
      await restore();
    }
  };
  await reset(false);
  return { stage, reset };
}
