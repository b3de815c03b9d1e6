import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder `ci` of this checkout. */
export const ciFolder = join(import.meta.dirname, '..', '..', '..');

/** Where npm's copy of the SDK keeps what the engine bundles; its `exports` do not show it. */
export const sdkFolder = join(ciFolder, 'node_modules', '@dagger.io', 'dagger', 'dist', 'src');

/** Imports a file of the SDK, or a package that the SDK itself depends on. */
export async function importSdk<T>(path: string): Promise<T> {
  const file = path.startsWith('.')
    ? join(sdkFolder, path)
    : createRequire(join(sdkFolder, 'index.js')).resolve(path);
  return (await import(pathToFileURL(file).href)) as T;
}
