import { escaped } from './markup.ts';
import type { Report, ReportedService } from './report.ts';
import type { Phase } from './timeline.ts';
import { type Bar, type BarKind, barsOf, endOf, kindTexts, ticksOf } from './timeline-bars.ts';

/** The release drawn on a time axis: its steps, below them a line for each service. */
export function timelineHtml(report: Report): string {
  const { phases, services } = report;
  if (phases.length === 0) return '<p class="soft">When what happened was not recorded.</p>';
  const end = endOf(report);
  const at = (seconds: number): string => `${((100 * seconds) / end).toFixed(2)}%`;
  const place = ({ from, to }: { from: number; to: number }): string =>
    `left:${at(from)};width:${at(Math.max(0, to - from))}`;
  const bands = phases
    .filter(({ name }) => name === 'soak' || name === 'back')
    .map((it) => `<div class="phase ${it.name}" style="${place(it)}"></div>`)
    .join('');
  const ticks = ticksOf(end).map(
    (it) => `<span class="tick" style="left:${at(it)}">${it} s</span>`,
  );
  const steps = phases.map((it) => stepBar(it, place(it)));
  const rows = services.map((it) => {
    const bars = barsOf(it, report).map((bar) => barHtml(it, bar, place(bar)));
    return row('', escaped(it.service), `${bands}${bars.join('')}`);
  });
  return [
    '<div class="axis">',
    row('ticks', '', ticks.join('')),
    row('steps', 'steps', steps.join('')),
    ...rows,
    '</div>',
    legend(report),
  ].join('\n');
}

const row = (kind: string, name: string, track: string): string =>
  `<div class="row ${kind}"><div class="name">${name}</div><div class="track">${track}</div></div>`;

const stepBar = (it: Phase, style: string): string =>
  `<div class="bar" style="${style}" title="${escaped(it.name)}: ${span(it)}">${escaped(it.name)}</div>`;

function barHtml({ service }: ReportedService, bar: Bar, style: string): string {
  const title = `${service}: ${bar.back ? 'on the way back, ' : ''}${kindTexts[bar.kind]}, ${span(bar)}`;
  return `<div class="bar ${bar.kind}${bar.back ? ' back' : ''}" style="${style}" title="${escaped(title)}"></div>`;
}

const span = ({ from, to }: { from: number; to: number }): string =>
  `${from.toFixed(1)} to ${to.toFixed(1)} s`;

function legend(report: Report): string {
  const bars = report.services.flatMap((it) => barsOf(it, report));
  const used = (Object.keys(kindTexts) as BarKind[]).filter((kind) =>
    bars.some((bar) => bar.kind === kind),
  );
  const has = (name: Phase['name']) => report.phases.some((it) => it.name === name);
  const items = [
    ...used.map((kind) => [kind, kindTexts[kind]]),
    ...(has('soak') ? [['soak', 'watched for whether it stays well']] : []),
    ...(has('back') ? [['back', 'going back']] : []),
  ];
  const html = items.map(([kind, text]) => `<li><i class="${kind}"></i>${text}</li>`);
  return `<ul class="legend">${html.join('')}</ul>`;
}
