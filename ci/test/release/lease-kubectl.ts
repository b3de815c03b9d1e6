/**
 * A program in kubectl's place, for a node whose cluster holds a Lease and a log of changes, both files
 * of a folder. Arguments: the folder, then kubectl's.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LeaseApi } from './lease-api.ts';

const [folder = '', , , ...args] = process.argv.slice(2);
const file = (name: string) => join(folder, name);
const [verb, what = '', path = ''] = args;

if (verb === 'change') {
  await delay(Number(path || 0));
  appendFileSync(file('changes'), `${what}\n`);
  process.stdout.write(`${what} done`);
} else if (verb === 'print') {
  process.stdout.write(readFileSync(what, 'utf8'));
} else {
  const input = args.includes('--filename=-') ? readFileSync(0, 'utf8') : '';
  const output = await alone(() => {
    const leases = new LeaseApi();
    const stored = existsSync(file('lease')) ? readFileSync(file('lease'), 'utf8') : '';
    leases.lease = stored ? JSON.parse(stored) : undefined;
    const answer = leases.answer({ args, input });
    if (leases.lease) writeFileSync(file('lease'), JSON.stringify(leases.lease));
    return answer;
  });
  process.stdout.write(output?.stdout ?? '');
  process.stderr.write(output?.stderr ?? `no such call: ${args.join(' ')}\n`);
  process.exitCode = output?.exitCode ?? 1;
}

/** An API server writes an object for one caller at a time. */
async function alone<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      mkdirSync(file('lock'));
      break;
    } catch {
      await delay(5);
    }
  }
  try {
    return work();
  } finally {
    rmdirSync(file('lock'));
  }
}
