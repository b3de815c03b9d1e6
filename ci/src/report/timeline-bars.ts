import type { Report, ReportedService } from './report.ts';
import type { MomentName, Moments, Phase } from './timeline.ts';

/** What a bar on the time axis stands for. */
export type BarKind = 'image' | 'wait' | 'pull' | 'start' | 'warm' | 'end' | 'failed';

/** A stretch of time in seconds since the release began. */
export interface Bar {
  readonly kind: BarKind;
  readonly from: number;
  readonly to: number;
  readonly back: boolean;
}

/** Between which moments each kind of bar lies. */
const stretches: readonly [kind: BarKind, from: MomentName | 'apply', to: MomentName][] = [
  ['wait', 'apply', 'created'],
  ['pull', 'created', 'pulled'],
  ['start', 'pulled', 'started'],
  ['warm', 'started', 'ready'],
  ['end', 'ready', 'oldGone'],
];

export const kindTexts: Readonly<Record<BarKind, string>> = {
  image: 'image built or found',
  wait: 'waiting for a pod',
  pull: 'pulling',
  start: 'starting',
  warm: 'getting ready',
  end: 'old pod ending',
  failed: 'failing',
};

/** The bars of one service, on the way there and on the way back. */
export function barsOf(service: ReportedService, report: Report): readonly Bar[] {
  const { phases, wentBack } = report;
  const images = phases.find(({ name }) => name === 'images');
  const { image } = service.moments;
  const made: Bar[] =
    images && image !== undefined
      ? [{ kind: 'image', from: images.from, to: image, back: false }]
      : [];
  const back = wentBack?.moments[service.service];
  const there = rolled(service.moments, phases, service.proven, false);
  const again = wentBack && back ? rolled(back, wentBack.phases, wentBack.proven, true) : [];
  return [...made, ...there, ...again].filter(({ from, to }) => to >= from);
}

function rolled(moments: Moments, phases: readonly Phase[], well: boolean, back: boolean): Bar[] {
  if (moments.created === undefined) return [];
  const apply = phases.find(({ name }) => name === 'apply')?.from ?? moments.created;
  const at = (name: MomentName | 'apply') => (name === 'apply' ? apply : moments[name]);
  const bars: Bar[] = [];
  let reached = apply;
  for (const [kind, , name] of stretches) {
    const to = at(name);
    if (to === undefined) continue;
    // What is seen at one look happened in one stretch; the first of them bears it.
    if (to > reached) bars.push({ kind, from: reached, to, back });
    reached = Math.max(reached, to);
  }
  const end = phases.find(({ name }) => name === 'rollout')?.to ?? reached;
  const failed = !well && (moments.oldGone === undefined || moments.ready === undefined);
  return failed ? [...bars, { kind: 'failed', from: reached, to: end, back }] : bars;
}

/** Seconds at which the axis has a mark: round ones, at most nine. */
export function ticksOf(total: number): readonly number[] {
  const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 3_600];
  const step = steps.find((it) => total / it <= 8) ?? 7_200;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
}

/** The last second of the axis. */
export const endOf = ({ phases, wentBack, seconds }: Report): number =>
  Math.max(1, seconds.total, ...[...phases, ...(wentBack?.phases ?? [])].map(({ to }) => to));
