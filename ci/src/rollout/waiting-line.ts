import { judgeAnswer } from '../health/identity.ts';
import { mayPass } from '../patiently.ts';
import { services as platform } from '../services.ts';
import type { Probe, Target } from '../target/target.ts';
import type { Snapshot } from './kubernetes.ts';
import type { Verdict } from './verdict.ts';

/** Characters of each reason; the whole was said when it came up. */
const shownLength = 160;

/** What is being waited for and why, in one line; `answers` is what unready pods say of themselves. */
export function waitingLine(
  open: readonly Verdict[],
  answers: ReadonlyMap<string, string>,
  seconds: number,
): string {
  const reasons = open.map(({ service, message }) => {
    const said = answers.get(service);
    return `${service}: ${(said ? `${message}, ${said}` : message).slice(0, shownLength)}`;
  });
  return `${Math.round(seconds)} s: waiting for ${reasons.join('; ')}`;
}

/** Asks the pods that run and are not ready why they are not; what gives no answer says nothing. */
export async function askUnready(
  target: Target,
  open: readonly Verdict[],
  snapshot: Snapshot,
): Promise<ReadonlyMap<string, string>> {
  const probes = open.flatMap((verdict) => probeOf(verdict, snapshot));
  if (probes.length === 0) return new Map();
  const answers = await target.probe(probes).catch((error: unknown) => {
    if (!mayPass(error)) throw error;
    return [];
  });
  const siblings = new Set(platform.map(({ name }) => name));
  return new Map(
    answers
      .filter(({ error, body }) => error === undefined && body !== '')
      .map((it) => [
        it.probe.service,
        judgeAnswer(it, { service: it.probe.service, source: '' }, siblings).message,
      ]),
  );
}

function probeOf({ service, code, pod }: Verdict, snapshot: Snapshot): Probe[] {
  const found = snapshot.pods.find(({ name }) => name === pod);
  const port = platform.find(({ name }) => name === service)?.port;
  if (code !== 'NOT_READY' || !found || port === undefined) return [];
  return [{ via: 'pod', service, pod: found.name, port, address: found.status.podIP ?? '' }];
}
