import { createHash } from 'node:crypto';
import { parseLockfile, reachablePackages } from './lockfile.ts';
import { filesOfService } from './service-files.ts';
import type { SourceTree } from './source-tree.ts';

/** What an image depends on besides the repository. */
export interface BuildContext {
  /** Such as `linux/amd64`. */
  readonly platforms: readonly string[];
  /** Build arguments, the base images by digest among them. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** The tag that names a service's image by its inputs: `src-` and 32 hex digits. */
export function sourceTag(source: SourceTree, service: string, context: BuildContext): string {
  const canonical = JSON.stringify(inputsOf(source, service, context));
  return `src-${createHash('sha256').update(canonical).digest('hex').slice(0, 32)}`;
}

/** Every input of a service's image in one fixed order, so that two of them can be compared. */
export function inputsOf(source: SourceTree, service: string, context: BuildContext) {
  const { workspaces, overrides } = JSON.parse(source.text('package.json')) as {
    workspaces?: unknown;
    overrides?: unknown;
  };
  const lock = parseLockfile(source.text('package-lock.json'));
  return {
    service,
    platforms: [...new Set(context.platforms)].sort(),
    buildArgs: Object.entries(context.buildArgs).sort(([a], [b]) => (a < b ? -1 : 1)),
    root: { workspaces, overrides },
    files: filesOfService(source, service).map((path) => [path, source.sha256(path)] as const),
    packages: reachablePackages(lock, `services/${service}`, ['typescript']),
  };
}
