import { redact } from '../redact.ts';
import type { ProbeAnswer } from '../target/target.ts';
import { type CertificateFlaw, judgeCertificate, ledNowhere, noAnswerAt } from './ingress.ts';

/** What a service must say of itself. */
export interface Identity {
  readonly service: string;
  /** The image's `src-…` tag; empty if no release recorded one, and then it is not compared. */
  readonly source: string;
}

export interface Finding {
  readonly service: string;
  readonly via: ProbeAnswer['probe']['via'];
  /** The pod, address or host that was asked. */
  readonly subject: string;
  readonly healthy: boolean;
  /** A sentence for people. */
  readonly message: string;
  /** Whether something else than this release answered: a pod cannot become another. */
  readonly stranger?: true;
  /** What it says that it lacks, but for the other services, which speak for themselves. */
  readonly lacks?: readonly string[];
  /** What is wrong with a host's certificate; whoever answers is not the worse for it. */
  readonly certificate?: CertificateFlaw;
}

interface Health {
  readonly service?: unknown;
  readonly status?: unknown;
  readonly source?: unknown;
  readonly dependencies?: Record<string, { status?: unknown; detail?: unknown } | null>;
}

/** Judges one answer to `/health`: is it healthy, and is it this release that answers? */
export function judgeAnswer(
  answer: ProbeAnswer,
  expected: Identity,
  siblings: ReadonlySet<string>,
): Finding {
  const { probe } = answer;
  const subject =
    probe.via === 'pod' ? probe.pod : probe.via === 'ingress' ? probe.host : probe.address;
  const finding = (healthy: boolean, message: string): Finding => ({
    service: probe.service,
    via: probe.via,
    subject,
    healthy,
    message: redact(message),
    ...(probe.via === 'ingress' && answer.certificate
      ? { certificate: judgeCertificate(probe.host, answer.certificate) }
      : {}),
  });
  if (answer.error) {
    const none = `gave no answer: ${answer.error}`;
    return finding(false, probe.via === 'ingress' ? noAnswerAt(probe, answer.error) : none);
  }

  const health = parseHealth(answer.body);
  if (!health) {
    const nowhere = probe.via === 'ingress' ? ledNowhere(answer.body) : undefined;
    const other = `answered something else than health: ${excerpt(answer.body)}`;
    return finding(false, nowhere ?? other);
  }
  if (health.service !== expected.service) {
    return { ...finding(false, `is answered by ${String(health.service)}`), stranger: true };
  }
  if (expected.source !== '' && health.source !== expected.source) {
    const message = `is answered by another release: ${String(health.source)}`;
    return { ...finding(false, message), stranger: true };
  }
  // A sibling that is down has a verdict of its own and must not fail those that can do without it.
  // What a site is set up without is no fault of a release.
  const broken = Object.entries(health.dependencies ?? {}).filter(
    ([, it]) => it?.status !== 'ok' && it?.status !== 'off',
  );
  const names = broken.map(([name, it]) => `${name}: ${String(it?.detail ?? it?.status)}`);
  const message = [`says ${String(health.status)}`, names.join('; ')].filter(Boolean).join(': ');
  const serves = health.status === 'ok' || health.status === 'degraded';
  const lacks = broken.map(([name]) => name).filter((name) => !siblings.has(name));
  const found = finding(serves && lacks.length === 0, message);
  return lacks.length === 0 ? found : { ...found, lacks };
}

function parseHealth(body: string): Health | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return undefined;
    return typeof (value as Health).service === 'string' ? (value as Health) : undefined;
  } catch {
    return undefined;
  }
}

const excerpt = (body: string): string => JSON.stringify(body.slice(0, 120));
