import { createServer } from 'node:net';
import { portHolder } from '../../local/port-holder.ts';
import { runCommand, script } from '../helpers/run-command.ts';
import type { BadInput } from './row.ts';

const good = {
  PORT: '0',
  METRICS_PORT: '0',
  LISTEN_ADDRESS: '127.0.0.1',
  DB_HOST: '127.0.0.1',
  DB_USER: 'app',
  DB_PASSWORD: 'of-no-database',
  JWT_SECRET: 'a'.repeat(32),
};

const secretMustBe = 'it must be at least 32 bytes; make one with: openssl rand -base64 48';

/** A service's process with one setting wrong. */
const setting = (what: string, env: NodeJS.ProcessEnv, problem: string): BadInput => ({
  what,
  async type() {
    const service = script('services/auth-service/src/server.ts');
    const outcome = await runCommand(service, { env: { ...good, ...env } });
    const says = `auth-service cannot start: one setting is missing or wrong:\n  ${problem}`;
    return { ...outcome, says, left: [] };
  },
});

const port = (text: string) =>
  setting(
    `PORT=${text} of a service`,
    { PORT: text },
    `PORT is "${text}"; it must be a port from 0 to 65535 (0: any free one); for example PORT=3001`,
  );

export const ofServices: readonly BadInput[] = [
  setting('no JWT_SECRET', { JWT_SECRET: '' }, `JWT_SECRET is not set; ${secretMustBe}`),
  setting(
    'a short JWT_SECRET',
    { JWT_SECRET: 'not-so-secret' },
    `JWT_SECRET has 13 bytes; ${secretMustBe}`,
  ),
  port('abc'),
  port('-1'),
  port('70000'),
  {
    what: 'a taken PORT of a service',
    async type(t) {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      t.teardown(() => void taken.close());
      const { port: number } = taken.address() as { port: number };
      const service = script('services/auth-service/src/server.ts');
      const outcome = await runCommand(service, { env: { ...good, PORT: String(number) } });
      const says =
        `auth-service cannot start: port ${number} is taken; ` +
        'stop what listens there, or set PORT or METRICS_PORT to another';
      t.is((await portHolder(number))?.pid, process.pid);
      return { ...outcome, says, left: [] };
    },
  },
];
