import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that bears a variable in the environment with which it was started. */
export interface Marked {
  readonly pid: number;
  readonly value: string;
}

/** A process may start further ones while it is being ended. */
const MOST_ROUNDS = 50;

/** All other processes with this variable: nothing depends on who started them, or wrote it down. */
export function markedProcesses(variable: string): Marked[] {
  const prefix = `${variable}=`;
  const found: Marked[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const line = environmentOf(entry).find((text) => text.startsWith(prefix));
    if (line !== undefined) found.push({ pid: Number(entry), value: line.slice(prefix.length) });
  }
  return found;
}

/** Kills the processes with this value of the variable; gives back how many there were. */
export function killMarked(variable: string, isWanted: (value: string) => boolean): number {
  const wanted = markedProcesses(variable).filter(({ value }) => isWanted(value));
  for (const { pid } of wanted) kill(pid);
  return wanted.length;
}

/** The same until there is none. */
export async function endMarked(
  variable: string,
  isWanted: (value: string) => boolean,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (killMarked(variable, isWanted) === 0) return;
    await sleep(20);
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // It ended by itself in the meantime.
  }
}
