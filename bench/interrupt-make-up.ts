import { randomInt } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { exists } from '../local/exists.ts';
import { knownNetwork } from '../local/network.ts';
import { instance } from '../local/state.ts';
import { leftovers } from '../local/test/helpers/leftovers.ts';
import { createRandom } from '../services/database/src/seed/random.ts';
import { interrupt, startMake } from '../test/helpers/make-process.ts';

/**
 * Ends `make up` five times by Ctrl-C and five times by kill -9, each at a random moment of what it
 * then does, and looks whether the next one works and what `make down` leaves.
 */
const own = instance('drill');
const port = '4720';
const TIMES = 5;
const LONGEST_S = 40;
const seed = Number(process.argv[2] ?? randomInt(1_000_000));
const random = createRandom(seed);

const up = () => startMake('up', own, '--port', port, '--soak', '0');
const rows: string[] = [];

async function finish(what: 'up' | 'down'): Promise<void> {
  const made = what === 'up' ? up() : startMake('down', own);
  const code = await made.ended;
  if (code !== 0) throw new Error(`make ${what} ended with ${code}:\n${made.lines.join('\n')}`);
}

async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<boolean> {
  // Half of what it does lies in the first seconds, so early moments are as likely as late ones.
  const seconds = LONGEST_S ** (random.below(1_000) / 1_000);
  const running = up();
  const early = await Promise.race([running.ended, sleep(seconds * 1_000)]);
  if (early === 0) return false;
  if (early !== undefined) throw new Error(`make up failed:\n${running.lines.join('\n')}`);
  const last = running.lines.at(-1)?.trim() ?? 'nothing said yet';
  if (signal === 'SIGINT') interrupt(running);
  else running.child.kill(signal);
  const code = await running.ended;
  rows.push(`| ${signal} | ${seconds.toFixed(1)} | ${last} | ${code} | ${running.lines.at(-1)} |`);
  return true;
}

console.error(`seed ${seed}`);
try {
  await finish('down');
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    for (let times = 0; times < TIMES; ) {
      if (await end(signal)) times += 1;
      // It was through before its moment came: from the beginning.
      else await finish('down');
    }
    await finish('up');
    const answer = await fetch(`http://localhost:${port}/v1/events/search?limit=1`);
    const link = (await knownNetwork(own))?.linkName ?? '';
    await finish('down');
    const left = await leftovers(own, link);
    if (await exists(own.stateFolder)) left.push(own.stateFolder);
    const then = `the next make up: site ${answer.status}; make down leaves ${left.join(', ') || 'nothing'}`;
    rows.push(`| ${signal} | | ${then} | 0 | |`);
  }
} finally {
  await finish('down');
}

console.log(`seed ${seed}, load average ${loadavg()[0]?.toFixed(1)}\n`);
console.log('| signal | after s | during | exit | its last line |');
console.log('| --- | --- | --- | --- | --- |');
for (const row of rows) console.log(row);
