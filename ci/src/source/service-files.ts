import { posix } from 'node:path';
import { SourceIncomplete, type SourceTree } from './source-tree.ts';

interface PackageManifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const scope = '@whatsthecraic/';
const shared = [
  'services/Dockerfile',
  'services/Dockerfile.dockerignore',
  'services/tsconfig.build.json',
];

/**
 * The files that a service's image is made of: the recipe, the service's own folder, and of each
 * workspace package that it depends on the manifest and what its exports reach.
 */
export function filesOfService(source: SourceTree, service: string): readonly string[] {
  const own = `services/${service}/`;
  if (!source.has(`${own}package.json`)) {
    throw new SourceIncomplete(
      `service: expected a folder of services/, got ${JSON.stringify(service)}`,
    );
  }
  const files = new Set<string>(shared);
  for (const path of source.paths) if (path.startsWith(own) && goesIn(path)) files.add(path);
  for (const name of workspaceDependencies(source, service)) {
    files.add(`services/${name}/package.json`);
    for (const path of exportedFiles(source, name)) files.add(path);
  }
  return [...files].sort();
}

// The same patterns stand in services/Dockerfile.dockerignore, which keeps these files out of every build.
const goesIn = (path: string) => !/(?:^|\/)(?:test|bench|dist|node_modules)\/|\.md$/.test(path);

/** The workspace packages that a package depends on, directly or not. */
export function workspaceDependencies(source: SourceTree, service: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [service];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const dependency of Object.keys(manifestOf(source, name).dependencies ?? {})) {
      const short = dependency.startsWith(scope) ? dependency.slice(scope.length) : undefined;
      if (short === undefined || short === service || found.has(short)) continue;
      found.add(short);
      waiting.push(short);
    }
  }
  return [...found].sort();
}

/** What a package's exports reach by relative imports: a contract, but not the handlers beside it. */
function exportedFiles(source: SourceTree, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = entryFiles(source, name);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const specifier of relativeImports(source.text(path))) {
      waiting.push(posix.join(posix.dirname(path), specifier));
    }
  }
  return found;
}

function entryFiles(source: SourceTree, name: string): string[] {
  const folder = `services/${name}`;
  const entries: string[] = [];
  for (const target of Object.values(manifestOf(source, name).exports ?? {})) {
    const file = typeof target === 'string' ? target : target.source;
    if (file === undefined) continue;
    const [before = '', after] = posix.join(folder, file).split('*');
    if (after === undefined) entries.push(before);
    else entries.push(...source.paths.filter((p) => p.startsWith(before) && p.endsWith(after)));
  }
  return entries;
}

/** The relative specifiers of a module's imports and re-exports, dynamic ones with a literal too. */
export function relativeImports(code: string): readonly string[] {
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;
  return [...code.matchAll(pattern)].map((match) => match[2] ?? '');
}

const manifestOf = (source: SourceTree, name: string): PackageManifest =>
  JSON.parse(source.text(`services/${name}/package.json`)) as PackageManifest;
