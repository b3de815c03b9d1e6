import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BuildRequest } from '../../ci/src/images/image-builder.ts';
import type { LocalBaseImages } from './base-images.ts';
import type { PackageSettings } from './build-secrets.ts';
import type { Buildah } from './buildah.ts';

/** One image at work. */
export interface Build {
  readonly buildah: Buildah;
  readonly bases: LocalBaseImages;
  readonly request: BuildRequest;
  readonly settings: PackageSettings;
  /** Takes what buildah prints. */
  readonly logFile: string;
  /** Private to this build. */
  readonly folder: string;
  /** The arguments by which buildah reaches the registry. */
  readonly access: readonly string[];
}

/** An image could not be built or pushed; the message ends with the last lines of the output. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed';
  readonly code = 'BUILD_FAILED';
}

/** Runs buildah and keeps what it prints; gives back its standard output. */
export async function logged(
  { buildah, logFile, request: { service, signal } }: Build,
  args: readonly string[],
): Promise<string> {
  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  try {
    return (await buildah(args, { onLine, ...(signal ? { signal } : {}) })).trim();
  } catch (cause) {
    const tail = lines.filter((line) => line.trim() !== '').slice(-20);
    throw new BuildFailed(
      `buildah ${args[0]} of ${service} failed; the whole output is in ${logFile}\n${tail.join('\n')}`,
      { cause },
    );
  } finally {
    await mkdir(dirname(logFile), { recursive: true });
    await appendFile(logFile, lines.map((line) => `${service}: ${line}\n`).join(''));
  }
}
