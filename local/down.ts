import { parseArgs } from 'node:util';
import { complain, requireRoot } from './complain.ts';
import { withLock } from './lock.ts';
import { namedOptions, parseNamed } from './named-place.ts';
import { beginRun, onInterrupt } from './own-run.ts';
import { takeDown } from './platform.ts';
import { createSay } from './say.ts';
import { instance } from './state.ts';

try {
  const { values } = parseArgs({
    options: { instance: { type: 'string', default: 'up' }, ...namedOptions },
  });
  requireRoot('make down');
  const own = instance(values.instance);
  const say = createSay();
  await withLock(own.stateFolder, async () => {
    onInterrupt(own, 'Interrupted. Run make down again: it removes what is left.');
    await beginRun(own);
    await takeDown({ instance: own, named: parseNamed(values), say });
  });
  say('nothing is left but the caches');
} catch (error) {
  complain(error);
}
