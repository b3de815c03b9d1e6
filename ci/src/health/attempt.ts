import { mayPass } from '../patiently.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { services as platform, type Service } from '../services.ts';
import type { Probe, ProbeAnswer, Target } from '../target/target.ts';
import { type Finding, type Identity, judgeAnswer } from './identity.ts';
import { type Endpoints, probesFor } from './vantage-points.ts';

export interface AttemptOptions {
  readonly target: Target;
  readonly services: readonly Service[];
  /** `src-…` tag that each service must answer with; else the one that its Deployment records. */
  readonly sources?: ReadonlyMap<string, string>;
  readonly endpoints: Endpoints;
  /**
   * Whether a host that shows no certificate of its own counts against its service. In a deploy it is
   * only told: the node gets certificates, and going back to an earlier release brings none.
   */
  readonly certificatesCount?: boolean;
}

export interface ServiceHealth {
  readonly service: string;
  readonly critical: boolean;
  readonly healthy: boolean;
  /** What was asked and answered, all in one sentence. */
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly source: string;
  readonly commit: string;
}

/** All of the platform, even where only some are asked: a service may need one that is not. */
const siblings = new Set(platform.map((service) => service.name));

/** Asks all services from every vantage point, once. `wrong` says what a service's objects tell. */
export async function attempt(
  { target, services, sources, endpoints, certificatesCount = false }: AttemptOptions,
  snapshot: Snapshot,
  wrong: (service: string) => string | undefined,
): Promise<ServiceHealth[]> {
  const probes = services.flatMap((service) => probesFor(service, snapshot, endpoints));
  const answers = await ask(target, probes);
  return services.map(({ name, critical }) => {
    const deployment = snapshot.deployments.find((candidate) => candidate.name === name);
    const source = sources?.get(name) ?? deployment?.source ?? '';
    const identity: Identity = { service: name, source };
    const findings = answers
      .filter((answer) => answer.probe.service === name)
      .map((answer) => judgeAnswer(answer, identity, siblings));
    const trouble =
      wrong(name) ??
      (endpoints.clusterIps.has(name) ? undefined : 'there is no Service of its name');
    const broken =
      findings.find((finding) => !finding.healthy) ??
      findings.find((finding) => certificatesCount && finding.certificate?.certain);
    return {
      service: name,
      critical,
      healthy: trouble === undefined && !broken && findings.length > 0,
      message: describe(trouble, broken, findings),
      findings,
      source,
      commit: deployment?.commit ?? '',
    };
  });
}

/** A round of questions that got lost is an answer too: none. */
async function ask(target: Target, probes: readonly Probe[]): Promise<ProbeAnswer[]> {
  try {
    return await target.probe(probes);
  } catch (error) {
    if (!mayPass(error)) throw error;
    return probes.map((probe) => ({ probe, body: '', error: error.summary }));
  }
}

function describe(
  trouble: string | undefined,
  broken: Finding | undefined,
  findings: readonly Finding[],
): string {
  if (broken && trouble) return `${trouble}; ${said(broken)}`;
  if (broken) return said(broken);
  if (trouble) return trouble;
  if (findings.length === 0) return 'there is no pod to ask';
  const count = (via: Finding['via'], one: string) => {
    const { length } = findings.filter((finding) => finding.via === via);
    return length === 0 ? [] : [`${length} ${one}${length === 1 ? '' : 's'}`];
  };
  const asked = [...count('pod', 'pod'), 'Service', ...count('ingress', 'ingress host')].join(', ');
  const degraded = findings.find((finding) => finding.message !== 'says ok');
  const doubtful = findings.find((finding) => finding.certificate);
  return [asked, degraded?.message, doubtful && said(doubtful)].filter(Boolean).join('; ');
}

const said = ({ via, subject, message, healthy, certificate }: Finding): string =>
  `${via === 'service' ? 'Service' : via} ${subject} ${(healthy && certificate?.message) || message}`;
