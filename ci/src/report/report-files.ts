import type { ReleaseRecord } from '../release/record.ts';
import { junit } from './junit.ts';
import { makeReport } from './report.ts';
import { reportHtml } from './report-html.ts';
import { reportSchema } from './report-schema.ts';
import { summaryMarkdown } from './summary-markdown.ts';

/** The files of a report by their names: for programs, CI servers, a workflow's page, and people. */
export function reportFiles(record: ReleaseRecord): Readonly<Record<string, string>> {
  const report = makeReport(record);
  const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    'report.json': json(report),
    'report.schema.json': json(reportSchema),
    'junit.xml': junit(report),
    'summary.md': summaryMarkdown(report),
    'report.html': reportHtml(report),
  };
}
