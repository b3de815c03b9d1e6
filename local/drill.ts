import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { complain, requireRoot } from './complain.ts';
import { orDiskFull, requireSpace } from './disk-space.ts';
import { chooseDrills, findDrills } from './drill/find-drills.ts';
import { runDrill } from './drill/run-drill.ts';
import { setStage } from './drill/set-stage.ts';
import { withLock } from './lock.ts';
import { switchOption } from './option.ts';
import { beginRun, onInterrupt } from './own-run.ts';
import { takeDown } from './platform.ts';
import { createSay } from './say.ts';
import { spaceForPlatform } from './space-for-platform.ts';
import { instance } from './state.ts';

/** Seconds after which the time to set the stage again is worth a line. */
const longReset = 3;

try {
  const { values } = parseArgs({
    options: {
      instance: { type: 'string', default: 'drill' },
      drill: { type: 'string' },
      keep: { type: 'string', default: '' },
    },
  });
  const keep = switchOption('KEEP', values.keep);
  const own = instance(values.instance);
  const all = await findDrills();
  const drills = values.drill === undefined ? all : chooseDrills(all, values.drill.split(','));
  requireRoot('make drill');
  await requireSpace(await spaceForPlatform(own), 'make drill');
  const say = createSay();
  await withLock(own.stateFolder, async () => {
    onInterrupt(own, 'Interrupted. make drill goes on from here, and removes all at its end.');
    await beginRun(own);
    try {
      const counts = await orDiskFull([own.stateFolder, own.cacheFolder], async () => {
        const repository = fileURLToPath(new URL('..', import.meta.url));
        const { stage, reset } = await setStage({ instance: own, repository, say });
        say(
          `the platform is up; ${drills.length} drills, by name, time to verdict, code and end:\n`,
        );
        const counts = { passed: 0, failed: 0 };
        for (const drill of drills) {
          const { passed, ended, line, details } = await runDrill(drill, stage);
          console.log([line, ...details.map((it) => `       ${it}`)].join('\n'));
          counts[passed ? 'passed' : 'failed'] += 1;
          const since = performance.now();
          await reset(ended);
          const seconds = (performance.now() - since) / 1_000;
          if (seconds > longReset) console.log(`       set again in ${seconds.toFixed(1)} s`);
        }
        return counts;
      });
      console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
      if (counts.failed > 0) process.exitCode = 1;
    } finally {
      if (!keep) await takeDown({ instance: own, say: () => undefined });
    }
  });
} catch (error) {
  complain(error);
}
