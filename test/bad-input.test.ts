import test from 'ava';
import { ofEngine } from './bad-input/engine.ts';
import { ofMachine } from './bad-input/machine.ts';
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
