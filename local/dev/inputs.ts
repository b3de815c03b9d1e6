import { createHash } from 'node:crypto';
import { services } from '../../ci/src/services.ts';
import { filesOfService } from '../../ci/src/source/service-files.ts';
import { readSourceTree, type SourceTree } from '../../ci/src/source/source-tree.ts';

/** What runs, as digests: an edit concerns the services whose digest it changes. */
export interface Inputs {
  /** By the service's name. */
  readonly services: ReadonlyMap<string, string>;
  readonly migrations: string;
}

const migrations = 'services/database/migrations/';

/** Reads the sources of all services; what belongs to which is what makes its image another one. */
export async function readInputs(repository: string): Promise<Inputs> {
  const tree = await readSourceTree(repository);
  return {
    services: new Map(
      services.map(({ name }) => [
        name,
        digest(
          tree,
          filesOf(tree, name).filter((path) => path.includes('/src/')),
        ),
      ]),
    ),
    migrations: digest(
      tree,
      tree.paths.filter((path) => path.startsWith(migrations)),
    ),
  };
}

/** While an import leads nowhere, or a manifest is half written, any file may be what is missing. */
function filesOf(tree: SourceTree, service: string): readonly string[] {
  try {
    return filesOfService(tree, service);
  } catch {
    return tree.paths;
  }
}

function digest(tree: SourceTree, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0${tree.sha256(path)}\n`);
  return hash.digest('hex');
}
