import { join } from 'node:path';
import { digestOfFiles } from '../../local/digest-of-files.ts';
import { findGo } from '../../local/go.ts';
import { makeOnce } from '../../local/make-once.ts';
import { run } from '../../local/run.ts';

const module = join(import.meta.dirname, 'actionlint');
const limitMs = 10 * 60_000;

/** The path of actionlint, compiled from the version that `actionlint/go.mod` names. */
export async function buildActionlint(
  cacheFolder: string,
  say: (text: string) => void,
): Promise<string> {
  const folder = await makeOnce({
    tools: join(cacheFolder, 'tools'),
    name: 'actionlint',
    version: await digestOfFiles(module, []),
    limitMs,
    say,
    make: (folder) => compile(folder, say),
  });
  return join(folder, 'actionlint');
}

async function compile(folder: string, say: (text: string) => void): Promise<void> {
  const go = await findGo(join(folder, 'go'), say);
  say('compiling actionlint');
  const build = [go.program, 'build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
  const output = ['-o', join(folder, 'actionlint'), 'github.com/rhysd/actionlint/cmd/actionlint'];
  try {
    await run([...build, ...output], { cwd: module, env: go.env, timeoutMs: limitMs });
  } finally {
    await go.removeCaches();
  }
}
