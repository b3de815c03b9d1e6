import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Limits {
  /** Of a core. */
  readonly cpu: number;
  readonly mebibytes: number;
}

const nodeOptionsIn = (file: string) =>
  /^NODE_OPTIONS=(.*)$/m.exec(
    readFileSync(new URL(`../k8s/base/${file}`, import.meta.url), 'utf8'),
  )?.[1];
/** What all pods' containers are told, and what those of ml-service are told instead. */
const common = { NODE_OPTIONS: nodeOptionsIn('common.env') };
export const mlService = { NODE_OPTIONS: nodeOptionsIn('ml-service/config.env') };

const ROOT = '/sys/fs/cgroup';
let count = 0;

export interface InPod {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** The most that its control group ever held. */
  peakMebibytes(): Promise<number>;
  /** Of the whole group so far. */
  cpuSeconds(): Promise<number>;
  /** After the child's end. */
  remove(): Promise<void>;
}

/** Starts a program of Node with a pod's limits, by the kernel's control groups (v1; root is needed). */
export async function startInPod(
  args: readonly string[],
  { cpu, mebibytes }: Limits,
  env: NodeJS.ProcessEnv = {},
): Promise<InPod> {
  if (!existsSync(join(ROOT, 'cpu/cpu.cfs_quota_us'))) throw new Error('no control groups (v1)');
  const name = `wtc-bench-${process.pid}-${count++}`;
  const [cpuGroup, memoryGroup, accounts] = (['cpu', 'memory', 'cpuacct'] as const).map((it) =>
    join(ROOT, it, name),
  ) as [string, string, string];
  const groups = [...new Set([cpuGroup, memoryGroup, accounts])];
  for (const group of groups) await mkdir(group, { recursive: true });
  await writeFile(join(cpuGroup, 'cpu.cfs_quota_us'), String(Math.round(cpu * 100_000)));
  const bytes = String(mebibytes * 2 ** 20);
  await writeFile(join(memoryGroup, 'memory.limit_in_bytes'), bytes);
  // The shell goes into the groups before Node begins, which looks at its limit when it does.
  const enter = groups.map((it) => `echo $$ > ${it}/cgroup.procs`).join(' && ');
  const command = ['-c', `${enter} && exec "$@"`, 'sh', process.execPath, ...args];
  const child = spawn('/bin/sh', command, {
    env: { ...process.env, ...common, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const read = async (file: string) => Number(await readFile(file, 'utf8'));
  return {
    child,
    peakMebibytes: async () =>
      (await read(join(memoryGroup, 'memory.max_usage_in_bytes'))) / 2 ** 20,
    cpuSeconds: async () => (await read(join(accounts, 'cpuacct.usage'))) / 1e9,
    async remove() {
      for (const group of groups) await rmdir(group).catch(() => {});
    },
  };
}

/** The same to its end, which must be a good one. */
export async function runInPod(
  args: readonly string[],
  limits: Limits,
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly output: string; readonly peakMebibytes: number; readonly seconds: number }> {
  const began = performance.now();
  const pod = await startInPod(args, limits, env);
  try {
    const ended = once(pod.child, 'exit');
    const output = await text(pod.child.stdout);
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`ended with ${signal ?? code}: ${output}`);
    const seconds = (performance.now() - began) / 1_000;
    return { output, peakMebibytes: await pod.peakMebibytes(), seconds };
  } finally {
    await pod.remove();
  }
}
