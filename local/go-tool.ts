import { join } from 'node:path';
import { digestOfFiles } from './digest-of-files.ts';
import { findGo } from './go.ts';
import { makeOnce } from './make-once.ts';
import { run } from './run.ts';

export interface GoTool {
  /** What the program is called. */
  readonly name: string;
  /** The folder of a Go module that names the tool's version and those of all that it needs. */
  readonly module: string;
  /** The import path of its `main`. */
  readonly package: string;
  /** For people: how long it takes on 2 processors. */
  readonly takes: string;
}

const limitMs = 20 * 60_000;

/** The path of a program that others publish as a Go module, compiled once and kept in the cache. */
export async function buildGoTool(
  tool: GoTool,
  cacheFolder: string,
  say: (text: string) => void,
): Promise<string> {
  const folder = await makeOnce({
    tools: join(cacheFolder, 'tools'),
    name: tool.name,
    version: await digestOfFiles(tool.module, []),
    limitMs,
    say,
    make: (folder) => compile(tool, folder, say),
  });
  return join(folder, tool.name);
}

async function compile(
  { name, module, package: path, takes }: GoTool,
  folder: string,
  say: (text: string) => void,
): Promise<void> {
  const go = await findGo(join(folder, 'go'), say);
  say(`compiling ${name}: once, about ${takes} on 2 processors`);
  const build = [go.program, 'build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
  try {
    await run([...build, '-o', join(folder, name), path], {
      cwd: module,
      env: go.env,
      timeoutMs: limitMs,
    });
  } finally {
    await go.removeCaches();
  }
}
