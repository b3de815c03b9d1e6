import { spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { orDiskFull } from '../../local/disk-space.ts';
import { startMariaDb, stopMariaDb } from '../../local/mariadb.ts';
import { runningServer } from '../../local/processes.ts';
import { run } from '../../local/run.ts';
import { instance } from '../../local/state.ts';
import { asNobody } from '../helpers/nobody.ts';
import { runCommand, script } from '../helpers/run-command.ts';
import type { BadInput } from './row.ts';

const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const up = (...args: string[]) => script('local/up.ts', '--instance', 'bad-input', ...args);
const dev = (...args: string[]) => script('local/dev.ts', '--instance', 'bad-input', ...args);

async function folder(t: ExecutionContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'wtc-'));
  t.teardown(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A file system of its own, of that size. */
async function disk(t: ExecutionContext, size: string): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'wtc-'));
  await run(['mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', made]);
  t.teardown(async () => {
    await run(['umount', made]);
    await rm(made, { recursive: true });
  });
  return made;
}

/** A command of this machine whose state would lie in a new folder, which must stay empty. */
const command = (
  what: string,
  argv: readonly string[],
  says: string,
  prepare: (t: ExecutionContext) => Promise<unknown> = async () => undefined,
): BadInput => ({
  what,
  async type(t) {
    await prepare(t);
    const state = await folder(t);
    // Who is not root must be free to write there all the same.
    await chown(state, 65_534, 65_534);
    const outcome = await runCommand(argv, {
      env: { XDG_STATE_HOME: state, XDG_CACHE_HOME: caches },
    });
    return { ...outcome, says, left: await readdir(state) };
  },
});

const noPort = (text: string) =>
  `PORT "${text}" is not possible: give a whole number from 1 to 65535\ncode: OPTION_INVALID`;

/** Another program that listens on a port; with `make up`'s own script, its site. */
async function taken(t: ExecutionContext, port: number, program: readonly string[]) {
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'inherit'] });
  t.teardown(() => void child.kill('SIGKILL'));
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}`).catch((error: Error) => error.cause);
    if (!String(answer).includes('ECONNREFUSED')) return child.pid;
  }
}

const listener = (port: number) => [
  '--eval',
  `require('node:net').createServer((it) => it.destroy()).listen(${port}, '127.0.0.1')`,
];

const portTaken = (
  name: string,
  port: number,
  argv: readonly string[],
  program: readonly string[],
  [who, cure]: readonly [who: string, cure: string],
): BadInput => ({
  what: `a taken port for ${name}: ${who}`,
  async type(t) {
    const pid = await taken(t, port, program);
    const state = await folder(t);
    const outcome = await runCommand(argv, {
      env: { XDG_STATE_HOME: state, XDG_CACHE_HOME: caches },
    });
    const says =
      `port ${port} of this machine is taken by process ${pid} (${who}); ` +
      `${cure}, or choose another: ${name} PORT=<port>\ncode: PORT_TAKEN`;
    return { ...outcome, says, left: await readdir(state) };
  },
});

const elsewhere =
  'free some space; XDG_STATE_HOME names another place for the state, XDG_CACHE_HOME for the caches\ncode: DISK_FULL';

/** A command on a disk of 8 MB, where either its state or its caches lie. */
const diskFull = (
  what: string,
  variable: 'XDG_STATE_HOME' | 'XDG_CACHE_HOME',
  argv: readonly string[],
  says: (folder: string) => string,
): BadInput => ({
  what,
  async type(t) {
    const small = await disk(t, '8M');
    const state = await folder(t);
    const env = { XDG_STATE_HOME: state, XDG_CACHE_HOME: caches, [variable]: small };
    const outcome = await runCommand(argv, { env });
    const left = [...(await readdir(small)), ...(await readdir(state))];
    return { ...outcome, says: `${says(small)}\n${elsewhere}`, left };
  },
});

const inTheMiddle: BadInput = {
  what: 'a disk that fills in the middle',
  async type(t) {
    const small = await disk(t, '8M');
    const own = {
      ...instance('bad-input', { XDG_STATE_HOME: small }),
      cacheFolder: instance('bad-input', { XDG_CACHE_HOME: caches }).cacheFolder,
    };
    t.teardown(() => stopMariaDb(own));
    const error = await t.throwsAsync(
      orDiskFull([own.stateFolder, own.cacheFolder], () => startMariaDb(own)),
      { code: 'DISK_FULL' },
    );
    const printed = (error?.message ?? '').replace(/(full, )\d+( MB are left: ENOSPC).*/, '$1…$2');
    const says =
      `the disk of ${own.stateFolder} is full, … MB are left: ENOSPC\n` +
      `free some space and try again; ${elsewhere.split('; ')[1]?.split('\n')[0]}`;
    const running = await runningServer(own, 'mariadb');
    return { exitCode: 1, printed, says, left: running ? [running] : [] };
  },
};

export const ofMachine: readonly BadInput[] = [
  ...['abc', '0', '70000', ''].map((text) =>
    command(`make up PORT=${text}`, up('--port', text), noPort(text)),
  ),
  command('make dev PORT=abc', dev('--port', 'abc'), noPort('abc')),
  command(
    '--soak of make up without a number',
    up('--soak', 'x'),
    '--soak "x" is not possible: give a whole number from 0 to 3600\ncode: OPTION_INVALID',
  ),
  command(
    'make up without root',
    [...asNobody, ...up()],
    'make up starts a Kubernetes node, which takes root: run it as sudo make up\ncode: NOT_ROOT',
  ),
  portTaken('make up', 4630, up('--port', '4630'), listener(4630), ['node', 'end that']),
  portTaken('make dev', 4631, dev('--port', '4631'), listener(4631), ['node', 'end that']),
  portTaken(
    'make dev',
    4632,
    dev('--port', '4632'),
    ['local/front-door.ts', '--port', '4632', '--to', '127.0.0.1:9'],
    ['node front-door.ts', 'that is the site of make up, which make down removes'],
  ),
  diskFull(
    'a full disk for the state of make up',
    'XDG_STATE_HOME',
    up(),
    (small) =>
      `the disk of ${small}/whatsthecraic/bad-input has 8 MB free, and make up needs 1000 MB there`,
  ),
  diskFull(
    'a full disk for the first compilation of make up',
    'XDG_CACHE_HOME',
    up(),
    (small) => `the disk of ${small}/whatsthecraic has 8 MB free, and make up needs 9000 MB there`,
  ),
  diskFull(
    'a full disk for make dev',
    'XDG_STATE_HOME',
    dev(),
    (small) =>
      `the disk of ${small}/whatsthecraic/bad-input has 8 MB free, and make dev needs 150 MB there`,
  ),
  inTheMiddle,
];
