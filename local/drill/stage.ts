import { join } from 'node:path';
import { type DeployRequest, deploy } from '../../ci/src/deploy.ts';
import type { EnsuredImage } from '../../ci/src/images/ensure-images.ts';
import { type PinnedImages, pinnedImages } from '../../ci/src/manifests/images.ts';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { renderManifests } from '../../ci/src/manifests/render.ts';
import { type Migration, migrationsIn } from '../../ci/src/migrate/migrations.ts';
import { namespace } from '../../ci/src/namespace.ts';
import type { Release } from '../../ci/src/report/release.ts';
import type { Revision } from '../../ci/src/source/git.ts';
import { readSourceTree } from '../../ci/src/source/source-tree.ts';
import type { Target } from '../../ci/src/target/target.ts';
import { type Admin, createAdmin } from '../admin.ts';
import { ownPlatform } from '../images/own-platform.ts';
import { preparePlatformImages } from '../images/platform-images.ts';
import { claimNamespace, dropNamespace } from '../namespace.ts';
import { ownPlace } from '../own-place.ts';
import type { Place } from '../place.ts';
import { localRevision } from '../revision.ts';
import { applySecret } from '../secret.ts';
import { type Servers, startServers } from '../servers.ts';
import type { Instance } from '../state.ts';

/** What a drill's deploy does otherwise than an ordinary one. */
export interface Change extends Partial<Omit<DeployRequest, 'render' | 'ensureImages'>> {
  /** Changes the rendered manifests. */
  readonly objects?: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[];
  /** Changes the images, such as to one that nobody has pushed. */
  readonly images?: (images: readonly EnsuredImage[]) => readonly EnsuredImage[];
}

export interface Prepared {
  readonly revision: Revision;
  readonly migrations: readonly Migration[];
  readonly images: readonly EnsuredImage[];
  readonly objects: readonly KubernetesObject[];
}

/** What drills work with: a real platform on servers of its own, reached over SSM. */
export interface Stage {
  readonly instance: Instance;
  readonly place: Place;
  readonly servers: Servers;
  readonly target: Target;
  /** The six services' images, as every ordinary deploy here runs them. */
  readonly images: readonly EnsuredImage[];
  /** kubectl as an administrator; `--namespace` is the caller's to give. */
  readonly admin: Admin;
  /** Takes one line of what happens. */
  readonly say: (line: string) => void;
  /** Deploys with the pipeline's own code, without a soak unless told. */
  readonly deploy: (change?: Change) => Promise<Release>;
  /** What an ordinary deploy would bring, for one that happens elsewhere. */
  readonly prepare: () => Promise<Prepared>;
  /** Makes an object in the platform's namespace that is gone before the next drill. */
  readonly put: (object: object) => Promise<void>;
  /** Runs after the drill, however it ended; the last one first. */
  readonly after: (work: () => Promise<unknown>) => void;
}

const overlay = 'local';
const drillLabel = 'whatsthecraic.run.place/drill';
/** Kinds that a drill may put; the namespace's own of the same kinds bear no such label. */
const drillKinds = 'resourcequotas,limitranges,pods,jobs,services,configmaps,secrets,deployments';

export interface StageManager {
  readonly stage: Stage;
  /** Undoes what a drill did, and brings the platform back to a verified release. */
  readonly reset: () => Promise<void>;
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
  const images = await (await preparePlatformImages(prepared))();
  const database = await place.prepareDatabase();
  const migrations = migrationsIn(await readSourceTree(repository));
  const target = await place.openTarget();

  const furnish = async () => {
    await claimNamespace(admin, place.instanceId);
    await applySecret(admin, instance, database);
  };
  const render = (pinned: PinnedImages) => {
    const folder = join(repository, 'k8s');
    return renderManifests({ folder, overlay, images: pinned, kubectl: place.kubectl });
  };
  const deployChanged = ({ objects, images: exchange, ...request }: Change = {}) =>
    deploy({
      ...{ overlay, revision, target, migrations, say, soakSeconds: 0, timeoutSeconds: 120 },
      ...request,
      ensureImages: async () => exchange?.(images) ?? images,
      render: async (pinned) => {
        const rendered = await render(pinned);
        return objects?.(rendered) ?? rendered;
      },
    });

  const undo: (() => Promise<unknown>)[] = [];
  const stage: Stage = {
    ...{ instance, place, servers, target, images, admin, say },
    deploy: deployChanged,
    prepare: async () => ({
      ...{ revision, migrations, images },
      objects: await render(pinnedImages(images)),
    }),
    put: async (object) => {
      const { metadata, ...rest } = object as KubernetesObject;
      const labels = { ...metadata.labels, [drillLabel]: 'put' };
      const labelled = { ...rest, metadata: { ...metadata, namespace, labels } };
      await admin(['create', '-f', '-'], JSON.stringify(labelled));
    },
    after: (work) => void undo.push(work),
  };

  const restore = async () => {
    await furnish();
    const { state } = await deployChanged({ say: () => undefined });
    if (state !== 'verified') throw new Error(`the platform is ${state} without any drill`);
  };
  const cleanUp = async () => {
    for (const work of undo.splice(0).toReversed()) await work();
    const put = [`--selector=${drillLabel}`, `--namespace=${namespace}`];
    await admin(['delete', drillKinds, ...put]);
  };
  const reset = async () => {
    try {
      await cleanUp();
      await restore();
    } catch (error) {
      say(`the platform is made anew: ${String(error)}`);
      await dropNamespace(admin, place.instanceId);
      await restore();
    }
  };
  await reset();
  return { stage, reset };
}
