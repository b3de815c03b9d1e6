import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What runs programs besides Node: MariaDB, a registry, a browser, kubectl, git, the shells of a node. */
const runners = new Set([
  'ci/test/aws/helpers/test-registry.ts',
  'ci/test/engine/package.test.ts',
  'ci/test/registry/docker-registry.ts',
  'ci/test/source/git.test.ts',
  'ci/test/target/shells.ts',
  'local/kubernetes/index.ts',
  'local/mariadb.ts',
  'test/helpers/browser.ts',
  'test/helpers/kubectl.ts',
]);

/** What measures time or waits for little of it, and fails on processors that images are built on. */
const hurried = new Set([
  'ci/test/aws-client/ssm-command.test.ts',
  'ci/test/engine/verify-health.test.ts',
  'services/auth-service/test/hash-gate.test.ts',
  'services/platform/test/health.test.ts',
  'services/platform/test/stop.test.ts',
]);

/**
 * Whether a test needs what `make test` sets up: it is one of those files, or imports one. All others
 * run wherever Node does, the container of the module's `check` among it.
 */
export function needsMachine(file: string, seen = new Set<string>()): boolean {
  if (runners.has(file) || hurried.has(file)) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  return importsOf(file).some((imported) => needsMachine(imported, seen));
}

/**
 * The files that a file imports at run time, by their paths from the repository's root. What looks
 * like an import and leads nowhere is text of a test.
 */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const imports = text.matchAll(/^(?:im|ex)port (?!type\b)[^;']*'(\.{1,2}\/[^']+\.ts)'/gm);
  return [...imports].map(([, path = '']) => join(dirname(file), path)).filter(existsSync);
}
