import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ciFolder, sdkFolder } from './sdk.ts';

/** What the engine bundles is less than npm's package: see imports.test.ts. */
const bundledSdk = `
export { connection, connect, Context, func, argument, object, field, enumType, entrypoint }
  from ${JSON.stringify(join(sdkFolder, 'index.js'))};
export * from ${JSON.stringify(join(sdkFolder, 'api', 'client.gen.js'))};
`;

/** As the engine's own, which imports every file below src on each call. */
const entrypoint = `
import { globSync } from 'node:fs';
import { entrypoint } from '@dagger.io/dagger';
const files = globSync(import.meta.dirname + '/**/*.{ts,mts}');
entrypoint([import.meta.dirname + '/../sdk/client.gen.ts', ...files]);
`;

export interface EngineFolder {
  readonly folder: string;
  readonly tsconfig: string;
  readonly entrypoint: string;
}

/**
 * Lays the module out as the engine does in the container of a function: `src`, the edited
 * `tsconfig.json`, the production dependencies alone, and the bundled SDK by a path in tsconfig.
 * https://github.com/dagger/dagger/tree/v0.21.8/sdk/typescript/runtime
 */
export async function engineFolder(): Promise<EngineFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    return join(folder, path);
  };
  await Promise.all(
    ['src', 'package.json'].map((path) =>
      cp(join(ciFolder, path), join(folder, path), { recursive: true }),
    ),
  );
  const { dependencies } = JSON.parse(await readFile(join(ciFolder, 'package.json'), 'utf8'));
  // The scan resolves the SDK's types as Node does; at run time the path in tsconfig wins.
  for (const name of [...Object.keys(dependencies), '@dagger.io/dagger']) {
    await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
    await symlink(join(ciFolder, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const tsconfig = JSON.parse(await readFile(join(ciFolder, 'tsconfig.json'), 'utf8'));
  tsconfig.compilerOptions.paths = { '@dagger.io/dagger': ['./sdk/index.ts'] };
  await write('sdk/index.ts', bundledSdk);
  const client = await readFile(join(sdkFolder, 'api', 'client.gen.d.ts'), 'utf8');
  await write('sdk/client.gen.ts', client);
  return {
    folder,
    tsconfig: await write('tsconfig.json', JSON.stringify(tsconfig)),
    entrypoint: await write('src/__dagger.entrypoint.ts', entrypoint),
  };
}
