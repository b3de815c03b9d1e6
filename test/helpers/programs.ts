import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** Programs of a test's own, and git, as the whole PATH. */
export async function programs(
  t: Pick<ExecutionContext, 'teardown'>,
  texts: Readonly<Record<string, string>>,
): Promise<{ PATH: string; CALLED: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const all = { git: 'exec /usr/bin/git "$@"', ...texts };
  for (const [name, text] of Object.entries(all)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { PATH: folder, CALLED: join(folder, 'called') };
}
