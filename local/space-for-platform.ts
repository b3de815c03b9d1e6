import type { SpaceNeed } from './disk-space.ts';
import { isBuilt } from './kubernetes/build.ts';
import type { Instance } from './state.ts';

/** Images and layers come to 700 MB, the running node to 400; compiling Kubernetes takes 8 GB once. */
export async function spaceForPlatform({
  stateFolder,
  cacheFolder,
}: Instance): Promise<SpaceNeed[]> {
  const compiled = await isBuilt(cacheFolder);
  return [
    { folder: stateFolder, megabytes: 1_000 },
    { folder: cacheFolder, megabytes: compiled ? 1_000 : 9_000 },
  ];
}
