import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';

const isKustomization = (path: string): boolean => /(?:^|\/)kustomization\.ya?ml$/.test(path);

/**
 * Manifests that lie beside a kustomization and are named by none, and so are never deployed. Paths
 * below the folder; a file in a folder without a kustomization is somebody's note or template.
 */
export async function unlistedManifests(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((it) => it.isFile() && /\.ya?ml$/.test(it.name))
    .map((it) => join(it.parentPath, it.name).slice(folder.length + 1));
  const kustomizations = paths.filter(isKustomization);
  const named = new Set<string>();
  for (const path of kustomizations) {
    const text = await readFile(join(folder, path), 'utf8');
    for (const said of stringsIn(parse(text))) named.add(normalize(join(dirname(path), said)));
  }
  const folders = new Set(kustomizations.map(dirname));
  return paths
    .filter((it) => folders.has(dirname(it)) && !isKustomization(it) && !named.has(it))
    .toSorted();
}

/** A kustomization names files in many fields; whatever it says that is one counts. */
function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, value.slice(value.indexOf('=') + 1)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
