import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const jwtSecret = 'only-for-tests-'.repeat(4);
const START_LIMIT_MS = 30_000;

/** A service as a process of its own, on free ports of loopback. */
export interface ServiceProcess {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url: string;
  readonly metricsUrl: string;
  /** Every line that it logged. */
  readonly lines: readonly string[];
}

export type SixServices = Readonly<Record<string, ServiceProcess>>;

/** Starts the six, of which five are given this database. */
export async function startSixServices(database: NodeJS.ProcessEnv): Promise<SixServices> {
  const env = { ...database, JWT_SECRET: jwtSecret };
  // First those that others ask.
  const asked = await Promise.all(
    ['dj-service', 'ml-service'].map((name) => startServiceProcess(name, env)),
  );
  const [dj, ml] = asked as [ServiceProcess, ServiceProcess];
  const others = await Promise.all([
    startServiceProcess('venue-service', { ...env, DJ_SERVICE_URL: dj.url }),
    startServiceProcess('events-service', { ...env, ML_SERVICE_URL: ml.url }),
    startServiceProcess('auth-service', env),
  ]);
  const five = [...asked, ...others];
  const urls = five.map(({ name, url }) => [`${name.toUpperCase().replace('-', '_')}_URL`, url]);
  const { NODE_OPTIONS } = database;
  const aggregator = await startServiceProcess('aggregator', {
    ...Object.fromEntries(urls),
    ...(NODE_OPTIONS ? { NODE_OPTIONS } : {}),
  });
  return Object.fromEntries([...five, aggregator].map((it) => [it.name, it]));
}

/** Resolves once it listens, which it does with or without a database. */
export async function startServiceProcess(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['--conditions=source', 'src/server.ts'], {
    cwd: `${root}services/${name}`,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      METRICS_PORT: '0',
      DRAIN_MS: '0',
      WARM_UP_REQUESTS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors = createInterface({ input: child.stderr });
  errors.on('line', (line) => lines.push(line));
  const listening = Promise.withResolvers<{ port: number; metricsPort: number }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const found = /"port":(\d+),"metricsPort":(\d+),"msg":"listening"/.exec(line);
    if (found) listening.resolve({ port: Number(found[1]), metricsPort: Number(found[2]) });
  });
  const failed = once(child, 'exit', { signal: AbortSignal.timeout(START_LIMIT_MS) });
  failed.then(
    () => listening.reject(new Error(`${name} ended:\n${lines.join('\n')}`)),
    () => listening.reject(new Error(`${name} does not listen:\n${lines.join('\n')}`)),
  );
  const { port, metricsPort } = await listening.promise;
  return {
    name,
    child,
    lines,
    url: `http://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
  };
}

export async function stopServiceProcess({ child }: ServiceProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
