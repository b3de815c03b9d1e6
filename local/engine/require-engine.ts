import type { NetConnectOpts } from 'node:net';
import { tryRun } from '../run.ts';
import { findProgram } from './find-program.ts';
import { silence } from './silence.ts';

/** Dagger has no engine to run on. */
export class EngineUnreachable extends Error {
  override readonly name = 'EngineUnreachable';
  readonly code = 'ENGINE_UNREACHABLE';
}

const variable = '_EXPERIMENTAL_DAGGER_RUNNER_HOST';
const limitMs = 5_000;

/** Programs with which Dagger starts an engine; only Docker's is asked. */
const otherDrivers = ['podman', 'nerdctl', 'finch', 'container'];

/** Throws unless an engine answers, or can be started: Dagger itself would try for minutes. */
export async function requireEngine(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const named = env[variable];
  const address = named ? addressOf(named) : undefined;
  if (named && address) {
    const why = await silence(address, limitMs);
    if (why === undefined) return;
    throw new EngineUnreachable(
      `the Dagger engine at ${named} does not answer: ${why}\n` +
        `start it, or correct ${variable}, or unset that to let Dagger start one with Docker`,
    );
  }
  if (!named || named.startsWith('docker-')) await requireDocker(env);
}

/** Where to connect to; undefined for what only Dagger can reach, such as ssh:// and kube-pod://. */
function addressOf(named: string): NetConnectOpts | undefined {
  const { protocol, hostname, port, pathname } = URL.canParse(named)
    ? new URL(named)
    : { protocol: '', hostname: '', port: '', pathname: '' };
  if (protocol === 'unix:' && pathname) return { path: decodeURIComponent(pathname) };
  if (protocol === 'tcp:' && hostname && port) {
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  }
  if (protocol !== '' && protocol !== 'unix:' && protocol !== 'tcp:') return undefined;
  throw new EngineUnreachable(
    `${variable} ${JSON.stringify(named)} is no address\ngive tcp://<host>:<port> or unix://<path>`,
  );
}

async function requireDocker(env: NodeJS.ProcessEnv): Promise<void> {
  const cure = `start Docker, or name an engine that runs: ${variable}=tcp://<host>:<port>`;
  const docker = await findProgram('docker', env);
  if (!docker) {
    for (const name of otherDrivers) if (await findProgram(name, env)) return;
    throw new EngineUnreachable(
      `there is no Docker in which Dagger could start an engine\n${cure}`,
    );
  }
  const argv = [docker, 'version', '--format', '{{.Server.Version}}'];
  const { exitCode, stderr } = await tryRun(argv, { env, timeoutMs: limitMs });
  if (exitCode === 0) return;
  const said = stderr.trim().split('\n').at(-1);
  throw new EngineUnreachable(
    `Docker does not answer: ${said || `no answer within ${limitMs / 1_000} s`}\n${cure}`,
  );
}
