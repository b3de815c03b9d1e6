import type { Evidence } from '../rollout/evidence.ts';

/** Evidence as it stands below a failure, two blanks in. */
export function evidenceLines(evidence: Evidence | undefined): string[] {
  if (!evidence) return [];
  const { facts = [], warnings, log, otherLog = [], pod } = evidence;
  const of = pod ? ` of ${pod}` : '';
  return [
    ...facts.map((fact) => `  ${fact}`),
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...logLines(`last lines of the log${of}`, log),
    ...logLines('and of the container beside it in time', otherLog),
  ];
}

const logLines = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
