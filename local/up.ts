import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { releaseText } from '../ci/src/report/release-text.ts';
import { complain, requireRoot } from './complain.ts';
import { orDiskFull, requireSpace } from './disk-space.ts';
import { platformsToBuild } from './images/own-platform.ts';
import { createLiveSay } from './live-say.ts';
import { withLock } from './lock.ts';
import { namedOptions, parseNamed } from './named-place.ts';
import { portOption, wholeNumber } from './option.ts';
import { beginRun, onInterrupt } from './own-run.ts';
import { bringUp } from './platform.ts';
import { requirePort } from './site.ts';
import { demo } from './site-database.ts';
import { spaceForPlatform } from './space-for-platform.ts';
import { instance } from './state.ts';

try {
  const { values } = parseArgs({
    options: {
      instance: { type: 'string', default: 'up' },
      port: { type: 'string', default: '4000' },
      soak: { type: 'string', default: '5' },
      platforms: { type: 'string' },
      ...namedOptions,
    },
  });
  const port = portOption(values.port);
  const soakSeconds = wholeNumber('--soak', values.soak, { min: 0, max: 3_600 });
  requireRoot('make up');
  const own = instance(values.instance);
  const named = parseNamed(values);
  const platforms = platformsToBuild(values.platforms, named !== undefined);
  await requireSpace(await spaceForPlatform(own), 'make up');
  const { say, end } = createLiveSay();
  const { release, url } = await withLock(own.stateFolder, async () => {
    onInterrupt(own, 'Interrupted. make up goes on from here; make down removes what there is.');
    await requirePort(own, port);
    await beginRun(own);
    return orDiskFull([own.stateFolder, own.cacheFolder], () =>
      bringUp({
        instance: own,
        repository: fileURLToPath(new URL('..', import.meta.url)),
        port,
        soakSeconds,
        platforms,
        named,
        say,
      }),
    );
  }).finally(end);
  console.log(`\n${releaseText(release)}\n`);
  if (release.state !== 'verified') process.exitCode = 1;
  console.log(`The site:  ${url}`);
  console.log(`Log in as  ${demo.email} with ${demo.password}`);
  if (!named && release.state === 'verified')
    console.log('More gigs  come in from stand-ins of the sources, within two minutes');
  console.log('Remove it  make down');
} catch (error) {
  complain(error);
}
