import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { type TestDatabase, testVerifier } from '../../../platform/test/helpers/database.ts';
import { until } from '../../../platform/test/helpers/start.ts';

const START_MS = 60_000;

/** What a process of events-service is given, with all paid APIs at one stand-in. */
export const environmentOf = ({ config }: TestDatabase, sourcesUrl: string) => ({
  ...{ PATH: process.env.PATH, PORT: '0', METRICS_PORT: '0', LISTEN_ADDRESS: '127.0.0.1' },
  ...{ JWT_SECRET: testVerifier.secret.reveal(), ML_SERVICE_URL: 'http://127.0.0.1:9' },
  ...{ SOURCES_URL: sourcesUrl, SPOTIFY_CLIENT_ID: 'id', SPOTIFY_CLIENT_SECRET: 'secret' },
  ...{ DB_HOST: config.host, DB_PORT: String(config.port), DB_NAME: config.name },
  ...{ DB_USER: config.user, DB_PASSWORD: config.password.reveal(), WARM_UP_REQUESTS: '0' },
});

export interface Program {
  readonly child: ChildProcess;
  readonly lines: Interface;
}

/** A program as a process of its own, which ends with the test. */
export function startProgram(t: ExecutionContext, file: URL, env: NodeJS.ProcessEnv): Program {
  const child = spawn(process.execPath, ['--conditions=source', fileURLToPath(file)], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  return { child, lines: createInterface({ input: child.stdout }) };
}

/** The service itself; resolves to its URL when it is ready. */
export async function startReplica(t: ExecutionContext, env: NodeJS.ProcessEnv): Promise<string> {
  const { lines } = startProgram(t, new URL('../../src/server.ts', import.meta.url), env);
  let url = '';
  lines.on('line', (line) => {
    const { port, msg } = JSON.parse(line) as { port?: number; msg?: string };
    if (msg === 'listening') url = `http://127.0.0.1:${port}`;
  });
  await until(() => url !== '', START_MS);
  await until(async () => (await fetch(`${url}/readyz`)).ok, START_MS);
  return url;
}
