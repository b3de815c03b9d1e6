import { firstCause } from '../health/first-cause.ts';
import type { Look } from './ask.ts';
import type { ReleaseUnderWay, ServiceStatus, Status } from './status.ts';

/** What it takes to say that all is well. */
const essential: ReadonlySet<string> = new Set([
  'the records of releases',
  'whether a release is under way',
  'the pods’ health',
]);

/** All of it in one word and one sentence; nothing that was not asked counts as well. */
export function verdictOf(
  services: readonly ServiceStatus[],
  { notAsked, nodes = [], findings = [] }: Pick<Look, 'notAsked' | 'nodes' | 'findings'>,
  underWay: ReleaseUnderWay | undefined,
): Pick<Status, 'verdict' | 'summary'> {
  const ill = services.filter((it) => it.state === 'ill');
  const rolling = services.filter((it) => it.state === 'rolling');
  const sick = nodes.filter((it) => !it.ready || it.pressure.length > 0);
  if (ill.length > 0) {
    const critical = ill.some((it) => it.critical) ? ', a critical one among them' : '';
    const more = ill.length > 1 ? critical : ill[0]?.critical ? ', which is critical' : '';
    const summary = [`Not well: ${names(ill)}${more}.`, firstCause(findings)];
    return { verdict: 'ill', summary: summary.filter(Boolean).join(' ') };
  }
  if (sick.length > 0) {
    const what = sick.map((it) => `${it.name} ${it.pressure.join(', ') || 'is not ready'}`);
    return { verdict: 'ill', summary: `Not well: node ${what.join('; node ')}.` };
  }
  if (underWay?.dead) {
    const summary = `Release ${underWay.release} was left half-way; all that serves is well.`;
    return { verdict: 'rolling', summary };
  }
  if (underWay) {
    return { verdict: 'rolling', summary: `Release ${underWay.release} is under way.` };
  }
  if (rolling.length > 0) {
    return { verdict: 'rolling', summary: `Under way, and no release is: ${names(rolling)}.` };
  }
  const unknown = notAsked.filter(({ what }) => essential.has(what));
  if (unknown.length > 0) {
    const what = unknown.map((it) => it.what).join(' and ');
    return { verdict: 'unsure', summary: `Cannot tell: ${what} could not be asked.` };
  }
  const pods = services.reduce((sum, it) => sum + it.pods.ready, 0);
  return {
    verdict: 'well',
    summary: `All is well: ${services.length} services, ${pods} pods, all ready and answering.`,
  };
}

const names = (services: readonly ServiceStatus[]): string =>
  services.map((it) => it.service).join(', ');
