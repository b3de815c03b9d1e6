import { escaped } from './markup.ts';
import type { Report, ReportedService } from './report.ts';

/**
 * A release as a JUnit result: each service is a test. The form that CI servers agree on:
 * https://github.com/windyroad/JUnit-Schema
 */
export function junit(report: Report): string {
  const { release, services, seconds, startedAt, target } = report;
  const failures = services.filter((it) => !it.proven).length;
  const attributes = [
    ...['name="whatsthecraic.release"', 'package="whatsthecraic"', 'id="0"'],
    `timestamp="${escaped(startedAt.slice(0, 19))}"`,
    `hostname="${escaped(target)}"`,
    `tests="${services.length}" failures="${failures}" errors="0" skipped="0"`,
    `time="${seconds.total.toFixed(1)}"`,
  ];
  const properties = Object.entries({
    release,
    state: report.state,
    overlay: report.overlay,
    commit: report.commit,
    branch: report.branch,
  }).map(([name, value]) => `<property name="${name}" value="${escaped(value)}"/>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `<testsuite ${attributes.join(' ')}>`,
    `<properties>${properties.join('')}</properties>`,
    ...services.map(testCase),
    '<system-out></system-out>',
    '<system-err></system-err>',
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(it: ReportedService): string {
  const time = (it.readySeconds ?? 0).toFixed(1);
  const head = `<testcase classname="whatsthecraic" name="${escaped(it.service)}" time="${time}"`;
  if (it.proven) return `${head}/>`;
  const [first = ''] = it.message.split('\n', 1);
  const body = escaped([it.message, ...it.warnings, ...it.log].join('\n'));
  const failure = `<failure type="${escaped(it.code)}" message="${escaped(first)}">${body}</failure>`;
  return `${head}>${failure}</testcase>`;
}
