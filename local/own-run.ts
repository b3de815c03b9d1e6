import { mkdir, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { cgroupRoot } from './kubernetes/cgroups.ts';
import { endMarked, killMarked } from './marked-processes.ts';
import type { Instance } from './state.ts';

/** Borne by the commands that a run of `make up` or `make down` starts, but not by servers. */
export const RUN_MARK = 'WHATSTHECRAIC_RUN';

/**
 * Begins a run that may be killed at any moment: what an earlier one left at work is ended, and what
 * this one starts can be found. Its temporary files go into the state folder, which `make down`
 * removes; a build's secrets are among them.
 */
export async function beginRun(instance: Instance): Promise<void> {
  await endMarked(RUN_MARK, isOf(instance));
  const temporary = join(instance.stateFolder, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  process.env.TMPDIR = temporary;
  process.env[RUN_MARK] = cgroupRoot(instance);
}

/** When somebody interrupts the run: ends its commands, says what to do next, and exits. */
export function onInterrupt(instance: Instance, advice: string): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      console.error(`\n${advice}`);
      // At once, before the end of a command can be taken for a failure.
      killMarked(RUN_MARK, isOf(instance));
      process.exit(128 + constants.signals[signal]);
    });
  }
}

const isOf = (instance: Instance) => (value: string) => value === cgroupRoot(instance);

/** The environment for what must outlive the run, or must not be cut short with it. */
export function withoutRunMark(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [RUN_MARK]: _mark, ...rest } = env;
  return rest;
}
