/** An entry of npm's lockfile, version 3: see `npm help package-lock.json`. */
interface LockEntry {
  readonly version?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

type LockEntries = Readonly<Record<string, LockEntry>>;

/** The lockfile is of another kind, or does not fit the manifests. */
export class LockfileInvalid extends Error {
  override readonly name = 'LockfileInvalid';
  readonly code = 'LOCKFILE_INVALID';
}

// What npm derives from the rest of the graph, or what changes no installed file.
const irrelevant = new Set([
  'dev',
  'devDependencies',
  'devOptional',
  'engines',
  'extraneous',
  'funding',
  'license',
  'optional',
  'peer',
]);

/** Reads a lockfile's entries by their place. */
export function parseLockfile(text: string): LockEntries {
  const lock = JSON.parse(text) as { lockfileVersion?: number; packages?: LockEntries };
  if (lock.lockfileVersion !== 3 || !lock.packages) {
    throw new LockfileInvalid(
      `package-lock.json: expected lockfileVersion 3 (npm 9 or newer writes it), got ${lock.lockfileVersion}`,
    );
  }
  return lock.packages;
}

/**
 * What `npm ci` installs for one workspace in production, and for the named tools: each entry's place
 * and its content, in the order of the places.
 */
export function reachablePackages(
  entries: LockEntries,
  workspace: string,
  tools: readonly string[] = [],
): readonly (readonly [place: string, entry: string])[] {
  const found = new Set<string>();
  const waiting = [workspace];
  for (const tool of tools) waiting.push(required(entries, '', tool));
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (found.has(place)) continue;
    found.add(place);
    const entry = entries[place];
    if (!entry) throw new LockfileInvalid(`package-lock.json: no entry ${place}; run npm install`);
    if (entry.link && entry.resolved !== undefined) waiting.push(entry.resolved);
    else waiting.push(...dependenciesOf(entries, place, entry));
  }
  return [...found].sort().map((place) => [place, canonical(entries[place])] as const);
}

function* dependenciesOf(entries: LockEntries, place: string, entry: LockEntry): Iterable<string> {
  for (const name of Object.keys(entry.dependencies ?? {})) {
    // npm lists an optional dependency under both names.
    if (entry.optionalDependencies?.[name] === undefined) yield required(entries, place, name);
  }
  for (const name of Object.keys(entry.peerDependencies ?? {})) {
    // An optional peer is there only if something else brings it, and is then found by that way.
    if (!entry.peerDependenciesMeta?.[name]?.optional) yield required(entries, place, name);
  }
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    const target = resolvePlace(entries, place, name);
    if (target !== undefined) yield target;
  }
}

function required(entries: LockEntries, from: string, name: string): string {
  const place = resolvePlace(entries, from, name);
  if (place !== undefined) return place;
  throw new LockfileInvalid(
    `package-lock.json: ${name}, which ${from || 'the build'} needs, is not there; run npm install`,
  );
}

/** Where Node finds a package from a place: in the nearest node_modules on the way up. */
export function resolvePlace(entries: LockEntries, from: string, name: string): string | undefined {
  const segments = from === '' ? [] : from.split('/');
  for (let length = segments.length; length >= 0; length -= 1) {
    if (segments[length - 1] === 'node_modules') continue;
    const place = [...segments.slice(0, length), 'node_modules', name].join('/');
    if (entries[place]) return place;
  }
  return undefined;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (irrelevant.has(key)) return undefined;
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
