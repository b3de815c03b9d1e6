import { cp } from 'node:fs/promises';
import { type Chain, step } from './chain.ts';

/** What is outside of the module: the checkout, files and secrets given to it, registries. */
export interface EngineWorld {
  readonly object: (id: unknown) => Chain;
  /** The folder that every Directory argument stands for. */
  readonly folder: string;
  /** The program that any File stands for. */
  readonly program: string;
  /** What the engine's own resolver says of images without a digest. */
  readonly imageRefs: Readonly<Record<string, string>>;
  readonly git: { readonly sha?: string; readonly ref?: string; readonly clean?: boolean };
  /** Builds and pushes; gives back the digest. Throws what the engine would. */
  readonly publish: (published: Published) => Promise<string>;
  /** Runs what a container was told to; gives back what its last command printed. Throws likewise. */
  readonly run: (container: Chain) => Promise<string>;
}

/** What the engine is asked to push. */
export interface Published {
  readonly address: string;
  /** The container that was told to publish, which has the credentials. */
  readonly by: Chain;
  /** The containers of an index; undefined for an image of its own. */
  readonly variants: readonly Chain[] | undefined;
}

/** Objects that are given to a function as arguments. */
export const directory: Chain = [{ field: 'givenDirectory', args: {} }];
export const file: Chain = [{ field: 'givenFile', args: {} }];
export const repository: Chain = [{ field: 'givenRepository', args: {} }];
export const secret = (plaintext: string): Chain => [{ field: 'givenSecret', args: { plaintext } }];

type World = Pick<EngineWorld, 'object'> & Partial<EngineWorld>;

/** Answers a query for a value as the engine does. */
export async function engineValue(chain: Chain, world: World): Promise<unknown> {
  const fields = chain.map((it) => it.field);
  const last = chain.at(-1)?.args ?? {};
  switch (fields.join('.')) {
    case 'defaultPlatform':
      return 'linux/amd64';
    case 'givenSecret.plaintext':
      return chain[0]?.args.plaintext;
    case 'givenDirectory.export':
      return exported(world.folder, last.path);
    case 'givenFile.export':
    case 'container.from.file.export':
      return exported(world.program, last.path);
    case 'container.from.imageRef':
      return present(world.imageRefs?.[String(chain[1]?.args.address)], 'failed to resolve image');
    case 'givenRepository.head.commit':
      return present(world.git?.sha, 'failed to resolve HEAD');
    case 'givenRepository.head.ref':
      return world.git?.ref ?? 'HEAD';
    case 'givenRepository.uncommitted.isEmpty':
      return world.git?.clean ?? true;
  }
  if (fields.at(-1) === 'publish') return publish(chain, world);
  if (fields.at(-1) === 'stdout') return world.run?.(chain.slice(0, -1));
  throw new Error(`the engine of this test does not know ${fields.join('.')}`);
}

async function publish(chain: Chain, world: World): Promise<string> {
  const { address, platformVariants } = step(chain, 'publish').args;
  const digest = await world.publish?.({
    address: String(address),
    by: chain.slice(0, -1),
    variants: Array.isArray(platformVariants) ? platformVariants.map(world.object) : undefined,
  });
  return `${String(address)}@${present(digest, 'push access denied')}`;
}

async function exported(from: string | undefined, to: unknown): Promise<string> {
  await cp(present(from, 'no such file or directory'), String(to), { recursive: true });
  return String(to);
}

function present<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new Error(message);
  return value;
}
