import type { ReleaseRecord } from '../release/record.ts';
import { newestProven } from '../release/way-back.ts';
import type { Release } from '../report/release.ts';
import { codeOfState } from '../report/release-result.ts';
import { services } from '../services.ts';
import type { Look } from './ask.ts';
import { judgeService } from './judge-service.ts';
import type { LastRelease, NodeStatus, ReleaseHead, Status } from './status.ts';
import { underWayOf } from './under-way.ts';
import { verdictOf } from './verdict.ts';

/** What one look at a platform says of it. */
export function judgeStatus(
  look: Look,
  { overlay, target }: { readonly overlay: string; readonly target: string },
): Status {
  const records = (look.records ?? []).filter(({ release }) => release.overlay === overlay);
  const [newest] = records;
  const serving = newestProven(records, overlay);
  const last = records.find(({ release }) => release.state !== 'deploying');
  const begun = newest?.release.state === 'deploying' ? newest.release : undefined;
  const underWay = underWayOf(begun, look);
  const found = {
    services: services.map((service) =>
      judgeService(service, look, serving?.standing[service.name]),
    ),
    ...(underWay ? { underWay } : {}),
  };
  return {
    version: 1,
    ...{ overlay, target, askedAt: look.at.toISOString() },
    ...verdictOf(found.services, look, found.underWay),
    ...(serving ? { serving: head(serving.release) } : {}),
    ...(last ? { last: toLast(last) } : {}),
    ...found,
    autoscalers: look.autoscalers ?? [],
    hosts: look.endpoints?.hosts ?? [],
    nodes: nodesOf(look),
    notAsked: look.notAsked,
  };
}

function head(release: Release): ReleaseHead {
  const { id, state, commit, branch, by, startedAt, restores, seconds } = release;
  const ended = new Date(new Date(startedAt).getTime() + seconds.total * 1_000);
  return {
    ...{ release: id, state, commit, branch, startedAt },
    ...(by ? { by } : {}),
    ...(state === 'deploying' ? {} : { endedAt: ended.toISOString() }),
    ...(restores ? { restores } : {}),
  };
}

function toLast({ release }: ReleaseRecord): LastRelease {
  const code = codeOfState(release.state);
  return {
    ...head(release),
    ...(code ? { code } : {}),
    services: release.services.map((it) => ({
      service: it.service,
      proven: it.proven,
      code: it.code,
      message: it.message,
    })),
  };
}

const nodesOf = ({ nodes = [], use }: Look): NodeStatus[] =>
  nodes.map(({ name, ready, pressure, allocatable }) => {
    const used = use?.nodes.find((it) => it.node === name);
    const of = (resource: 'cpu' | 'memory') => ({
      ...(used ? { used: used[resource] } : {}),
      limit: allocatable[resource],
    });
    return { name, ready, pressure, cpu: of('cpu'), memory: of('memory') };
  });
