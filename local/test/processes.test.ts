import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { cgroupRoot } from '../kubernetes/cgroups.ts';
import { markedProcesses } from '../marked-processes.ts';
import { RUN_MARK } from '../own-run.ts';
import { killAllServers, recordedServers, startServer, stopServer } from '../processes.ts';
import { type Instance, instance } from '../state.ts';

async function temporaryInstance(t: ExecutionContext): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  const own = instance('test', { XDG_STATE_HOME: folder });
  t.teardown(async () => {
    await killAllServers(own);
    await rm(folder, { recursive: true, force: true });
  });
  return own;
}

const sleeper = { name: 'sleeper', command: 'sleep', args: ['60'] };

/** As if its starter had been killed before it came to write the record. */
const forget = (own: Instance) => rm(join(own.stateFolder, 'processes'), { recursive: true });

const isAlive = async (pid: number) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
};

test('a server – its starter killed before it was recorded – makes way for the next one', async (t) => {
  const own = await temporaryInstance(t);
  const first = await startServer(own, sleeper);
  await forget(own);

  const second = await startServer(own, sleeper);

  t.not(second, first);
  t.false(await isAlive(first));
  t.true(await isAlive(second));
});

test('a server – on no record – is stopped by its name, or with all others', async (t) => {
  const own = await temporaryInstance(t);
  const [one, two] = [
    await startServer(own, sleeper),
    await startServer(own, { ...sleeper, name: 'other' }),
  ];
  await forget(own);
  t.deepEqual(await recordedServers(own), []);

  await stopServer(own, 'sleeper');
  t.deepEqual([await isAlive(one), await isAlive(two)], [false, true]);

  await killAllServers(own);
  t.false(await isAlive(two));
});

/** A run as `make up` is one: it starts a server and a command, and waits for the command. */
const program = (own: Instance) => `
  import { beginRun, onInterrupt } from ${JSON.stringify(new URL('../own-run.ts', import.meta.url).href)};
  import { startServer } from ${JSON.stringify(new URL('../processes.ts', import.meta.url).href)};
  import { run } from ${JSON.stringify(new URL('../run.ts', import.meta.url).href)};
  import { mkdtemp, writeFile } from 'node:fs/promises';
  import { tmpdir } from 'node:os';
  const own = ${JSON.stringify(own)};
  onInterrupt(own, 'Interrupted. What to do next.');
  await beginRun(own);
  await writeFile((await mkdtemp(tmpdir() + '/build-')) + '/npmrc', 'secret');
  console.log(await startServer(own, { name: 'sleeper', command: 'sleep', args: ['60'] }));
  await run(['sleep', '61']);`;

async function startRun(own: Instance) {
  const args = ['--conditions=source', '--input-type=module', '--eval', program(own)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [server] = await once(child.stdout, 'data');
  const commands = () => markedProcesses(RUN_MARK).filter(({ value }) => value === cgroupRoot(own));
  while (commands().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return { child, server: Number(server), commands, stderr: () => stderr };
}

test.serial(
  'a run – interrupted – says what to do in one line, ends its commands, leaves its servers',
  async (t) => {
    const own = await temporaryInstance(t);
    const { child, server, commands, stderr } = await startRun(own);

    child.kill('SIGINT');
    const [code] = await once(child, 'exit');

    t.is(code, 130);
    t.is(stderr(), '\nInterrupted. What to do next.\n');
    t.deepEqual(commands(), []);
    t.true(await isAlive(server));
  },
);

test.serial('a run – killed – is cleared up by the next one, down to its secrets', async (t) => {
  const own = await temporaryInstance(t);
  const first = await startRun(own);
  const [orphan] = first.commands();
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  t.true(await isAlive(orphan?.pid ?? 0), 'what it started goes on by itself');

  const second = await startRun(own);
  t.teardown(() => void second.child.kill('SIGINT'));

  t.false(await isAlive(orphan?.pid ?? 0));
  t.is(second.server, first.server, 'a recorded server is kept');
  t.is((await readdir(join(own.stateFolder, 'tmp'))).length, 1);
});
