import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { services } from '../ci/src/services.ts';
import { complain } from './complain.ts';
import { createPrinter } from './dev/printer.ts';
import { paintFor } from './dev/readable-line.ts';
import { runDev } from './dev/run-dev.ts';
import { orDiskFull, requireSpace } from './disk-space.ts';
import { withLock } from './lock.ts';
import { portOption, switchOption } from './option.ts';
import { demo } from './site-database.ts';
import { instance } from './state.ts';

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // Whoever asks twice does not want to wait; the kernel then ends the services.
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  });
}

try {
  const { values } = parseArgs({
    options: {
      instance: { type: 'string', default: 'dev' },
      port: { type: 'string', default: '4000' },
      fresh: { type: 'string', default: '' },
    },
  });
  const port = portOption(values.port);
  const fresh = switchOption('FRESH', values.fresh);
  const own = instance(values.instance);
  const printer = createPrinter(paintFor(process.stdout), console.log);
  const startedAt = performance.now();
  const { stateFolder, cacheFolder } = own;
  // A database of 80 MB, and what it is copied from.
  const needs = [stateFolder, cacheFolder].map((folder) => ({ folder, megabytes: 150 }));
  await requireSpace(needs, 'make dev');
  await withLock(stateFolder, () =>
    orDiskFull([stateFolder, cacheFolder], () =>
      runDev({
        instance: own,
        repository: fileURLToPath(new URL('..', import.meta.url)),
        port,
        fresh,
        printer,
        onStarted: ({ ports, sourcesUrl }) => {
          const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
          printer.say(`started in ${seconds} s\n${summary(ports, sourcesUrl)}`);
        },
        signal: abort.signal,
      }),
    ),
  );
} catch (error) {
  complain(error);
}

function summary(ports: ReadonlyMap<string, number>, sourcesUrl: string): string {
  const urls = services.map(({ name }) => `${name.padEnd(16)}http://localhost:${ports.get(name)}`);
  return [
    '',
    `The site:  http://localhost:${ports.get('aggregator')}`,
    `Log in as  ${demo.email} with ${demo.password}`,
    '',
    ...urls.slice(1),
    '',
    `More gigs come in within a minute, from stand-ins of four sources at ${sourcesUrl}`,
    `Spotify is a stand-in; it leads back to http://127.0.0.1:${ports.get('aggregator')}, so begin there.`,
    'An edit below services/ starts again what it concerns. Ctrl-C ends all; the data stays.',
  ].join('\n');
}
