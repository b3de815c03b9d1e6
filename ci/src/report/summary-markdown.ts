import { imageChange } from './image-change.ts';
import { readyText } from './ready-text.ts';
import type { Report, ReportedService } from './report.ts';

/**
 * Characters of one cell or line: with six services and their warnings a page stays far below the
 * 1 MiB that GitHub takes for a step's summary.
 */
const longest = 1_000;

/** A release for the page of a workflow run, as GitHub's Markdown. */
export function summaryMarkdown(report: Report): string {
  const failed = report.services.filter((it) => !it.proven);
  return [
    `### Release ${code(report.release)}: ${report.state}`,
    '',
    `${plain(report.overlay)} on ${plain(report.target)}, commit ${code(report.commit.slice(0, 12))} of ${plain(report.branch)}${report.by ? `, by ${plain(report.by)}` : ''}`,
    '',
    '| service | image | ready | restarts | verdict |',
    '| --- | --- | --- | --- | --- |',
    ...report.services.map(row),
    '',
    ...failed.flatMap(failure),
    ...wentBack(report),
    `Took ${report.seconds.total.toFixed(1)} s${report.code ? `; code ${code(report.code)}` : ''}.`,
    '',
  ].join('\n');
}

function row(it: ReportedService): string {
  const verdict = it.proven ? 'proven' : `**${it.code}**`;
  const cells = [plain(it.service), imageChange(it), readyText(it), String(it.restarts), verdict];
  return `| ${cells.join(' | ')} |`;
}

const failure = (it: ReportedService): string[] => [
  `**${plain(it.service)}**${it.critical ? ' (critical)' : ''}: ${plain(it.message)}`,
  '',
  ...it.warnings.map((warning) => `- ${plain(warning)}`),
  '',
];

function wentBack({ wentBack: it }: Report): string[] {
  if (!it) return [];
  const end = it.proven ? 'serves again' : `could not be brought back: ${plain(it.trouble ?? '')}`;
  const services = it.services.map(plain).join(', ');
  return [`Release ${code(it.to)} of ${services} ${end}.`, ''];
}

/** Text of others in one line: nothing in it is markup, a link, a mention or the end of a cell. */
const plain = (text: string): string =>
  text
    .slice(0, longest)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()<>#+!|~@&]/g, (it) => `&#${it.charCodeAt(0)};`)
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, (it) => it.replace('.', '&#46;'));

const code = (text: string): string => `\`${text.slice(0, longest).replace(/[`|\s]/g, ' ')}\``;
