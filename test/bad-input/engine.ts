import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { ExecutionContext } from 'ava';
import { programs } from '../helpers/programs.ts';
import { root, runCommand, script } from '../helpers/run-command.ts';
import type { BadInput } from './row.ts';

const variable = '_EXPERIMENTAL_DAGGER_RUNNER_HOST';

interface Engine {
  readonly what: string;
  readonly says: string;
  /** Beside git and dagger. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly address?: string;
}

/** `make deploy` where nothing answers; dagger must not be asked. */
const unreachable = ({ what, says, texts = {}, address = '' }: Engine): BadInput => ({
  what,
  async type(t) {
    const env = await programs(t, { dagger: 'touch "$CALLED"', ...texts });
    const started = performance.now();
    const outcome = await runCommand(script('local/call.ts', 'deploy', '--overlay', 'local'), {
      env: { ...env, [variable]: address, DOCKER_HOST: '' },
    });
    t.true(performance.now() - started < 20_000, 'said in seconds');
    const wasCalled = await access(env.CALLED).then(
      () => ['dagger was called'],
      () => [],
    );
    return { ...outcome, says, left: wasCalled };
  },
});

/** A port that takes connections and never answers. */
async function blackHole(t: ExecutionContext): Promise<number> {
  const sockets: { destroy(): void }[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

const cure = `start it, or correct ${variable}, or unset that to let Dagger start one with Docker\ncode: ENGINE_UNREACHABLE`;
const dockerCure = `start Docker, or name an engine that runs: ${variable}=tcp://<host>:<port>\ncode: ENGINE_UNREACHABLE`;

export const ofEngine: readonly BadInput[] = [
  unreachable({
    what: 'an engine that refuses',
    address: 'tcp://127.0.0.1:9',
    says: `the Dagger engine at tcp://127.0.0.1:9 does not answer: connect ECONNREFUSED 127.0.0.1:9\n${cure}`,
  }),
  {
    what: 'an engine that takes the connection and is silent',
    async type(t) {
      const address = `tcp://127.0.0.1:${await blackHole(t)}`;
      const says = `the Dagger engine at ${address} does not answer: no answer within 5 s\n${cure}`;
      return unreachable({ what: '', address, says }).type(t);
    },
  },
  unreachable({
    what: 'an engine without its socket',
    address: 'unix:///nowhere/engine.sock',
    says: `the Dagger engine at unix:///nowhere/engine.sock does not answer: connect ENOENT /nowhere/engine.sock\n${cure}`,
  }),
  unreachable({
    what: 'an engine’s address without a port',
    address: 'tcp://engine',
    says: `${variable} "tcp://engine" is no address\ngive tcp://<host>:<port> or unix://<path>\ncode: ENGINE_UNREACHABLE`,
  }),
  unreachable({
    what: 'no engine and no Docker',
    says: `there is no Docker in which Dagger could start an engine\n${dockerCure}`,
  }),
  unreachable({
    what: 'a Docker that refuses',
    texts: { docker: 'echo "Cannot connect to the Docker daemon at tcp://nowhere." >&2; exit 1' },
    says: `Docker does not answer: Cannot connect to the Docker daemon at tcp://nowhere.\n${dockerCure}`,
  }),
  unreachable({
    what: 'a Docker that is silent',
    texts: { docker: 'exec /bin/sleep 60' },
    says: `Docker does not answer: no answer within 5 s\n${dockerCure}`,
  }),
  unreachable({
    what: 'no git at all',
    texts: { git: 'exit 127' },
    says:
      `${root} is no git checkout, or git is not installed; a release is named by its commit\n` +
      'clone the repository, or try it without git on this machine alone: make up\ncode: REVISION_UNKNOWN',
  }),
  {
    what: 'no dagger',
    async type(t) {
      const outcome = await runCommand(script('local/call.ts', 'verify-health'), {
        env: await programs(t, {}),
      });
      const says =
        'there is no program dagger on the PATH\n' +
        'install Dagger 0.21: https://docs.dagger.io/install\ncode: DAGGER_MISSING';
      return { ...outcome, says, left: [] };
    },
  },
];
