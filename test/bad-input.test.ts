import test from 'ava';
import { removeModule } from '../ci/test/engine/helpers/dispatch.ts';
import { ofEngine } from './bad-input/engine.ts';
import { ofMachine } from './bad-input/machine.ts';
import { badCalls, makeCalls } from './bad-input/pipeline.ts';
import { ofServices } from './bad-input/services.ts';

// Every wrong setting with what is said of it. In a row each: what cures it stands in the message.
for (const { what, type } of [...ofServices, ...ofMachine, ...ofEngine]) {
  test.serial(
    `bad input – ${what} – one message with its cure, exit 1, nothing half-done`,
    async (t) => {
      t.timeout(180_000);
      const { exitCode, printed, says, left } = await type(t);
      t.is(printed, says);
      t.is(exitCode, 1);
      t.deepEqual(left, []);
    },
  );
}

test.after.always(removeModule);

// The module's own, as the engine calls it; those with the same checkout share one process.
for (const calls of Map.groupBy(badCalls, ({ git }) => git).values()) {
  let made: ReturnType<typeof makeCalls> | undefined;
  for (const [index, { what }] of calls.entries()) {
    test.serial(`bad input – ${what} – one message with its cure, nothing touched`, async (t) => {
      made ??= makeCalls(t, calls);
      const { results, touched } = await made;
      t.is(results[index]?.thrown, results[index]?.says);
      t.deepEqual(touched, []);
    });
  }
}
