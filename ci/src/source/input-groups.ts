import { type BuildContext, inputsOf } from './source-digest.ts';
import type { SourceTree } from './source-tree.ts';

/** What a service's image is made of in few words: folders in place of files, and how many packages. */
export function inputGroups(
  source: SourceTree,
  service: string,
  context: BuildContext,
): readonly string[] {
  const { files, packages, platforms, buildArgs } = inputsOf(source, service, context);
  const folders = files.map(([path]) => /^services\/[^/]+/.exec(path)?.[0] ?? path);
  return [
    ...new Set(folders),
    `${packages.length} packages of package-lock.json`,
    ...platforms,
    `${buildArgs.length} base images`,
  ];
}
