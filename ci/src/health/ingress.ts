import type { DoubtfulCertificate, Probe } from '../target/target.ts';

type IngressProbe = Extract<Probe, { via: 'ingress' }>;

/** What it means that a host gave no answer at all. */
export function noAnswerAt({ address, tls }: IngressProbe, error: string): string {
  if (/refused|couldn.t connect|failed to connect/i.test(error)) {
    const port = tls ? 443 : 80;
    return `gave no answer: nothing listens at ${address}:${port}, so Traefik is down there or was never set up (${error})`;
  }
  return `gave no answer: ${error}`;
}

/** What the ingress controller itself answers where it leads a host nowhere; else nothing. */
export function ledNowhere(body: string): string | undefined {
  const said = body.trim();
  if (said === '404 page not found') {
    return 'leads nowhere: Traefik answers 404 for it, so it has no rule for the host, or one whose Service or port does not exist';
  }
  if (said === 'no available server') {
    return 'leads nowhere: Traefik knows the host, but its Service has no pod that is ready';
  }
  if (said === 'Bad Gateway' || said === 'Gateway Timeout') {
    return `leads nowhere: Traefik reaches no pod of its Service and answers ${said}`;
  }
  return undefined;
}

const outOfDate = /expired|not yet valid|CERT_NOT_YET_VALID/i;
const wrongName = /subject name|ALTNAME/i;

export interface CertificateFlaw {
  readonly message: string;
  /** Whether browsers turn away for good; one of an issuer that only the asker does not know may do. */
  readonly certain: boolean;
}

/** What is wrong with the certificate that a host showed. */
export function judgeCertificate(
  host: string,
  { problem, names }: DoubtfulCertificate,
): CertificateFlaw {
  if (names.length > 0 ? !names.some((name) => covers(name, host)) : wrongName.test(problem)) {
    const other = names.length > 0 ? `one for ${names.slice(0, 3).join(', ')}` : 'another one';
    const message = `shows no certificate of its own but ${other}: none was issued for it yet, or DNS leads it elsewhere`;
    return { message, certain: true };
  }
  if (outOfDate.test(problem)) {
    return { message: `shows a certificate that is out of date (${problem})`, certain: true };
  }
  return { message: `shows a certificate of an unknown issuer (${problem})`, certain: false };
}

/** RFC 6125: a wildcard stands for one label, the first. */
function covers(name: string, host: string): boolean {
  const [wanted, given] = [host.toLowerCase(), name.toLowerCase()];
  if (!given.startsWith('*.')) return given === wanted;
  return wanted.slice(wanted.indexOf('.')) === given.slice(1);
}
