import { globSync } from 'node:fs';
import { tryRun } from '../../local/run.ts';
import { createSay } from '../../local/say.ts';
import { instance } from '../../local/state.ts';
import { buildActionlint } from './actionlint.ts';

/** Lints the workflows, and by shellcheck the shell in them and beside them. */
const shellcheck = '/usr/bin/shellcheck';
const actionlint = await buildActionlint(instance('test').cacheFolder, createSay());
const commands = [
  [actionlint, `-shellcheck=${shellcheck}`, '-no-color', ...globSync('.github/workflows/*.yml')],
  [shellcheck, '--color=never', ...globSync('.github/*.sh')],
];
for (const command of commands) {
  const { exitCode, stdout, stderr } = await tryRun(command, { timeoutMs: 60_000 });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode ||= exitCode;
}
