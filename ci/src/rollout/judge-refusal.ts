import type { Verdict } from './verdict.ts';

type Refusal = Pick<Verdict, 'state' | 'code'>;

const quota = /exceeded quota/i;
/** An admission that could not be asked, or a server that was too slow, may answer the next time. */
const passing =
  /failed calling (?:admission )?webhook|failed to call webhook|try again|at this time|timed? ?out|timeout|deadline exceeded|connection (?:refused|reset)|too many requests|etcdserver|internal error/i;

/** Says what it means that the API server refuses a new pod. */
export function judgeRefusal(message: string): Refusal {
  if (quota.test(message)) return { state: 'suspect', code: 'QUOTA_EXCEEDED' };
  const denied = /denied the request|is forbidden: (?!unable to)/i.test(message);
  if (!denied && passing.test(message)) return { state: 'waiting', code: 'POD_REFUSED' };
  return { state: 'suspect', code: 'POD_REFUSED' };
}
