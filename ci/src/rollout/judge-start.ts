import { readMessage } from './message.ts';
import type { Verdict } from './verdict.ts';

type Start = Pick<Verdict, 'state' | 'code' | 'message'>;

const missing =
  /(?:secrets?|configmaps?) "[^"]*" not found|couldn't find key|(?:references )?non-existent (?:config|secret) key|object "[^"]*" ?\/ ?"[^"]*" not registered/i;
/** A loaded node, or a cache of the kubelet that fills: it tries again and needs no help. */
const passing =
  /deadline (?:was )?exceeded|timed? ?out|is reserved|reserving|reserve container name|already in use|failed to sync .*cache|propagate object cache|try again|connection (?:refused|reset)|transport is closing|\bEOF\b|resource busy|temporarily unavailable|another operation|being deleted|locked: unavailable/i;
/** What runtimes say of a program that can never run. */
const cannotRun =
  /exec: "[^"]*": .*(?:no such file|not found|permission denied|is a directory)|executable file.*(?:not found|permission denied)|cannot find .* in \$PATH|command (?:that was )?not found|no command specified|unable to find user|no such user/i;
const wrongFormat = /exec format error/i;

/** Says what became of an attempt to start a container, by the runtime's words for it. */
export function judgeStart(text: string): Start {
  const words = text.replaceAll('\\', '');
  const message = text.trim();
  if (wrongFormat.test(words)) return { state: 'failed', code: 'IMAGE_WRONG_PLATFORM', message };
  if (cannotRun.test(words)) return { state: 'failed', code: 'CANNOT_START', message };
  if (missing.test(words)) return { state: 'suspect', code: 'CONFIG_MISSING', message };
  if (/no space left/i.test(words)) return { state: 'waiting', code: 'NODE_FULL', message };
  const { grpc = '' } = readMessage(text);
  if (passing.test(words) || /^(?:DeadlineExceeded|Unavailable|Canceled|Aborted)$/.test(grpc)) {
    return { state: 'waiting', code: 'NODE_TROUBLE', message };
  }
  return { state: 'suspect', code: 'CANNOT_START', message };
}

/** Whether a program's last words say that it can never run here. */
export const isNeverRunnable = (text: string): boolean =>
  ['IMAGE_WRONG_PLATFORM', 'CANNOT_START'].includes(judgeStart(text).code) &&
  judgeStart(text).state === 'failed';
