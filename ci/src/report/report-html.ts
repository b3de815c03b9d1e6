import { imageChange } from './image-change.ts';
import { escaped } from './markup.ts';
import { readyText } from './ready-text.ts';
import type { Report, ReportedService } from './report.ts';
import { reportStyle } from './report-style.ts';
import { type MomentName, momentNames } from './timeline.ts';
import { timelineHtml } from './timeline-html.ts';

/** A release as a page that needs nothing else: no network, no script. */
export function reportHtml(report: Report): string {
  const { release, state, services } = report;
  const failed = services.filter((it) => !it.proven);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Release ${escaped(release)}: ${state}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>Release ${escaped(release)} <span class="state ${state}">${state}</span></h1>
${facts(report)}
<h2>Rollout</h2>
${timelineHtml(report)}
<h2>Services</h2>
<div class="wide">${servicesTable(services)}</div>
${failed.length > 0 ? `<h2>What failed</h2>\n${failed.map(failure).join('\n')}` : ''}
<h2>When what was seen</h2>
<p class="soft">Seconds since the release began.</p>
<div class="wide">${momentsTable(report)}</div>
</main>
</body>
</html>
`;
}

function facts(report: Report): string {
  const { overlay, target, commit, branch, by, startedAt, seconds, restores, code } = report;
  const start = `${startedAt.slice(0, 19).replace('T', ' ')} UTC`;
  const lines = [
    `${escaped(overlay)} on ${escaped(target)}, commit <code>${escaped(commit.slice(0, 12))}</code> of ${escaped(branch)}`,
    `Began ${escaped(start)}${by ? `, by ${escaped(by)}` : ''}; took ${seconds.total.toFixed(1)} s${code ? `; code <code>${code}</code>` : ''}`,
    ...(restores ? [`Restores release ${escaped(restores)}`] : []),
    ...wayBack(report),
  ];
  return lines.map((line) => `<p class="soft">${line}.</p>`).join('\n');
}

function wayBack({ wentBack }: Report): string[] {
  if (!wentBack) return [];
  const { to, as, services, proven, trouble } = wentBack;
  const what = `Went back to release ${escaped(to)} with ${escaped(services.join(', '))}`;
  const by = as ? `, as release ${escaped(as)}` : '';
  return [`${what}${by}${proven ? '' : `, which failed too: ${escaped(trouble ?? '')}`}`];
}

function servicesTable(services: readonly ReportedService[]): string {
  const rows = services.map((it) => {
    const verdict = it.proven
      ? '<td class="good">proven</td>'
      : `<td class="bad">${escaped(it.code)}</td>`;
    const name = `${escaped(it.service)}${it.critical ? ' <span class="soft">critical</span>' : ''}`;
    const cells = [`<code>${imageChange(it)}</code>`, readyText(it), String(it.restarts)];
    return `<tr><td>${name}</td>${verdict}${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return table(['service', 'verdict', 'image', 'ready', 'restarts'], rows);
}

const failure = (it: ReportedService): string =>
  `<div class="failure"><p><strong>${escaped(it.service)}</strong>: ${escaped(it.code)}: ${escaped(it.message)}</p>${
    it.warnings.length > 0
      ? `<ul>${it.warnings.map((warning) => `<li>${escaped(warning)}</li>`).join('')}</ul>`
      : ''
  }${it.log.length > 0 ? `<pre>${escaped(it.log.join('\n'))}</pre>` : ''}</div>`;

const momentTexts: Readonly<Record<MomentName, string>> = {
  image: 'image there',
  created: 'pod made',
  pulled: 'pulled',
  started: 'started',
  ready: 'ready',
  oldGone: 'old pod gone',
};

function momentsTable({ services }: Report): string {
  const rows = services.map(({ service, moments }) => {
    const cells = momentNames.map((name) => moments[name]?.toFixed(1) ?? '');
    return `<tr><td>${escaped(service)}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return table(['service', ...momentNames.map((name) => momentTexts[name])], rows);
}

const table = (head: readonly string[], rows: readonly string[]): string =>
  `<table><thead><tr>${head.map((it) => `<th>${it}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
