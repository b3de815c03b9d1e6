import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { runProcess } from '../../src/process.ts';
import {
  parseAnswer,
  parseHeader,
  partScript,
  type RemoteCall,
  type RemoteOutput,
  remoteScript,
} from '../../src/target/remote-script.ts';

/** What the scripts need of a node, without kubectl. */
const tools =
  'base64 cat chmod cut date env find grep gunzip gzip head mkdir mktemp mv printf rm seq sh sha256sum sleep tail timeout touch tr wc';

export interface Shell {
  readonly name: string;
  readonly argv: readonly string[];
  /** Where each tool comes from: the machine's own, or busybox. */
  readonly tools: 'own' | 'busybox';
}

export const shells: readonly Shell[] = [
  { name: 'dash', argv: ['dash'], tools: 'own' },
  { name: 'bash', argv: ['bash'], tools: 'own' },
  ...(existsSync('/usr/bin/busybox') || existsSync('/bin/busybox')
    ? ([
        { name: 'busybox sh', argv: ['busybox', 'sh'], tools: 'own' },
        { name: 'busybox sh and tools', argv: ['busybox', 'sh'], tools: 'busybox' },
      ] as const)
    : []),
];

/** A folder with a `bin` that is the whole PATH, and a spool of its own. */
export interface Node {
  readonly folder: string;
  readonly bin: string;
  readonly spool: string;
  readonly shell: Shell;
}

export async function makeNode(t: ExecutionContext, shell: Shell): Promise<Node> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-node-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const where = (tool: string) =>
    execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
  const busybox = shell.tools === 'busybox' ? where('busybox') : undefined;
  for (const tool of tools.split(' ')) {
    await symlink(busybox ?? `/usr/bin/${tool}`, join(bin, tool));
  }
  const program = shell.argv[0] ?? '';
  await symlink(where(program), join(bin, program));
  return { folder, bin, spool: join(folder, 'spool'), shell };
}

export async function addProgram(node: Node, name: string, text: string): Promise<void> {
  await writeFile(join(node.bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** Runs a script as the agent does, and cuts its output as SSM does. */
export async function runScript(node: Node, script: string) {
  const file = join(node.folder, `script-${Math.random().toString(36).slice(2)}.sh`);
  await writeFile(file, script.replaceAll('/var/tmp/whatsthecraic', node.spool));
  const [program = '', ...args] = node.shell.argv;
  const { exitCode, stdout, stderr } = await runProcess([join(node.bin, program), ...args, file], {
    env: { PATH: node.bin },
    timeoutMs: 50_000,
  });
  return { exitCode, stderr, stdout: [...stdout].slice(0, 24_000).join('') };
}

/** The whole way of some calls: one command, and one more for each further part. */
export async function runCalls(
  node: Node,
  calls: readonly RemoteCall[],
  id = crypto.randomUUID(),
): Promise<{ outputs: RemoteOutput[]; commands: number }> {
  return readAnswer(node, id, await runScript(node, remoteScript(id, calls)));
}

/** Reads a whole answer, of which a command printed the first part. */
export async function readAnswer(
  node: Node,
  id: string,
  first: Awaited<ReturnType<typeof runScript>>,
): Promise<{ outputs: RemoteOutput[]; commands: number }> {
  if (first.exitCode !== 0) throw new Error(`exit ${first.exitCode}: ${first.stderr}`);
  const header = parseHeader(id, first.stdout);
  let answer = header.part;
  let commands = 1;
  while (answer.length < header.length) {
    const part = await runScript(node, partScript(id, answer.length));
    if (part.stdout === '') break;
    answer += part.stdout;
    commands += 1;
  }
  return { outputs: parseAnswer(header, answer), commands };
}
