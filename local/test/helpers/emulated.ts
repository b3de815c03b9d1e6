import { spawn } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { unpackDebianPackages } from '../../images/debian-packages.ts';

/**
 * Starts an unpacked arm64 image's command as its user; ends it after the test. The emulator is
 * unpacked, not installed: the machine does not learn to run foreign programs by itself.
 */
export async function startEmulated(
  t: ExecutionContext,
  { folder, root, env }: { folder: string; root: string; env: Readonly<Record<string, string>> },
  [workFolder, command]: readonly [string, readonly string[]],
): Promise<{ readonly output: () => string; readonly ended: () => boolean }> {
  const emulator = join(folder, 'emulator');
  await unpackDebianPackages(['qemu-user-static'], join(folder, 'emulator-debs'), emulator);
  for (const path of [folder, emulator]) await chmod(path, 0o755);
  const argv = ['-L', root, join(root, 'usr/local/bin/node'), ...command];
  const child = spawn(join(emulator, 'usr/bin/qemu-aarch64-static'), argv, {
    cwd: join(root, workFolder),
    env: { ...env },
    uid: 65_532,
    gid: 65_532,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  return { output: () => output, ended: () => child.exitCode !== null };
}

/** Asks until there is an answer with that status, at most so long. */
export async function answerOf(
  url: string,
  limitMs: number,
  given: { readonly ended: () => boolean; readonly output: () => string },
): Promise<Response> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline && !given.ended()) {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer) return answer;
    await sleep(250);
  }
  throw new Error(`${url}: no answer\n${given.output()}`);
}
