import type { Autoscaler } from '../status/autoscalers.ts';
import type { NodeStatus, ReleaseHead, ServiceStatus, Status, Use } from '../status/status.ts';
import { duration } from './duration.ts';
import { shortDigest } from './image-change.ts';
import { textTable } from './text-table.ts';

/** A status as a person reads it: the releases, the services, what they stand on, the verdict last. */
export function statusText(status: Status): string {
  const head = ['SERVICE', 'IMAGE', 'PODS', 'RESTARTS', 'CPU m', 'MEMORY Mi', 'STATE'];
  return [
    `Status of ${status.overlay} on ${status.target}`,
    ...releaseLines(status),
    '',
    textTable([head, ...status.services.map(row)]),
    ...status.services
      .filter((it) => it.message !== '')
      .map((it) => `  ${it.service}: ${it.message}`),
    '',
    ...facts(status),
    ...status.notAsked.map(({ what, why }) => `Not asked: ${what}: ${why}`),
    status.summary,
  ].join('\n');
}

function releaseLines({ serving, last, underWay, askedAt, notAsked }: Status): string[] {
  const unread = notAsked.some(({ what }) => what === 'the records of releases');
  const none = unread ? 'not known' : 'no release that was proven';
  const lines = serving
    ? [
        `  serves     ${serving.release}, commit ${serving.commit.slice(0, 12)} of ${serving.branch}`,
        `             ${sinceOf(serving, askedAt)}`,
      ]
    : [`  serves     ${none}`];
  if (last && last.release !== serving?.release) {
    lines.push(`  last       ${last.release} ${last.code ?? last.state}`);
    const failed = last.services.filter((it) => !it.proven);
    for (const it of failed) lines.push(`             ${it.service}: ${it.code}: ${it.message}`);
  }
  if (underWay) {
    const { release, by, step, since, dead } = underWay;
    const at = step ? `, at the step "${step}"` : '';
    lines.push(`  under way  ${release}${by ? ` of ${by}` : ''} since ${time(since)}${at}`);
    if (dead)
      lines.push('             nobody drives it any more: `status --wait 90` takes it to its end');
  }
  return lines;
}

function sinceOf({ state, startedAt, endedAt = startedAt, by }: ReleaseHead, now: string): string {
  const seconds = (new Date(now).getTime() - new Date(endedAt).getTime()) / 1_000;
  return `${state} ${time(endedAt)}, ${duration(seconds)} ago${by ? `, by ${by}` : ''}`;
}

const time = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

const row = (it: ServiceStatus): string[] => [
  it.service,
  shortDigest(it.image) || 'none',
  `${it.pods.ready}/${it.pods.wanted}${it.pods.old > 0 ? ` +${it.pods.old} old` : ''}`,
  String(it.restarts),
  useText(it.cpu, 1_000),
  useText(it.memory, 1 / 2 ** 20),
  it.state,
];

/** Use, request and limit; a question mark for what is not known, a dash for what is not set. */
function useText({ used, requested, limit }: Use, factor: number): string {
  const shown = (value: number | undefined, absent: string) =>
    value === undefined ? absent : String(Math.round(value * factor));
  return [shown(used, '?'), shown(requested, '-'), shown(limit, '-')].join('/');
}

function facts({ autoscalers, hosts, nodes }: Status): string[] {
  const rows = [
    ...autoscalers.map((it) => ['autoscaler', autoscalerText(it)]),
    ...hosts.map(({ host, service, tls }) => ['host', `${host} → ${service}${tls ? ', TLS' : ''}`]),
    ...nodes.map((it) => ['node', nodeText(it)]),
  ];
  return rows.length === 0 ? [] : [textTable(rows), ''];
}

function autoscalerText(it: Autoscaler): string {
  const replicas = `${it.replicas} of ${it.min} to ${it.max}`;
  const wanted = it.wanted === it.replicas ? '' : `, wants ${it.wanted}`;
  const trouble = it.trouble ? `; cannot scale: ${it.trouble}` : '';
  return `${it.service}: ${replicas}${wanted}; ${it.metrics.join(', ')}${trouble}`;
}

function nodeText({ name, ready, pressure, cpu, memory }: NodeStatus): string {
  const share = ({ used, limit = 0 }: Use) =>
    used === undefined ? '?' : `${Math.round((100 * used) / limit)} %`;
  const gib = (bytes = 0) => (bytes / 2 ** 30).toFixed(1);
  const state = ready ? pressure.join(', ') : 'NOT READY';
  const uses = `cpu ${share(cpu)} of ${cpu.limit}, memory ${share(memory)} of ${gib(memory.limit)} GiB`;
  return `${name}: ${uses}${state ? `, ${state}` : ''}`;
}
