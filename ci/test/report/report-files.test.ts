import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import test from 'ava';
import { validateXML } from 'xmllint-wasm';
import { makeReport } from '../../src/report/report.ts';
import { reportFiles } from '../../src/report/report-files.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { dangerous, degraded, hostile, records, verified } from './reported.ts';

const ajv = new Ajv2020({ allErrors: true });
formats.default(ajv);
const isReport = ajv.compile(reportSchema);
const schema = readFileSync(join(import.meta.dirname, 'junit.xsd'), 'utf8');

for (const [name, record] of Object.entries(records)) {
  const files = reportFiles(record);

  test(`report.json – ${name} – is as its schema says`, (t) => {
    t.true(isReport(JSON.parse(files['report.json'] ?? '')), JSON.stringify(isReport.errors));
    t.deepEqual(
      JSON.parse(files['report.schema.json'] ?? ''),
      JSON.parse(JSON.stringify(reportSchema)),
    );
  });

  test(`junit.xml – ${name} – is as the common schema says`, async (t) => {
    const xml = [{ fileName: 'junit.xml', contents: files['junit.xml'] ?? '' }];
    const { valid, errors } = await validateXML({ xml, schema: [schema] });
    t.true(valid, JSON.stringify(errors).slice(0, 2_000));
  });

  test(`summary.md – ${name} – fits on a page of a workflow`, (t) => {
    const summary = files['summary.md'] ?? '';
    t.true(Buffer.byteLength(summary) < 100_000);
    const rows = summary
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (service|---)/.test(line));
    t.is(rows.length, record.release.services.length);
    // A cell too many and the whole table is lost.
    for (const row of rows) t.is(row.split('|').length, 7, row);
  });

  test(`report.html – ${name} – fetches nothing, runs nothing, and holds nobody's markup`, (t) => {
    const page = files['report.html'] ?? '';
    t.notRegex(page, /<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import/i);
    t.notRegex(page, /\son\w+=['"]?\w/i);
    t.regex(page, /Content-Security-Policy" content="default-src 'none'/);
  });
}

test('report.json – something is missing, or is of another kind – the schema refuses it', (t) => {
  const report = makeReport(verified);
  const { release: _, ...nameless } = report;
  t.false(isReport(nameless));
  t.false(isReport({ ...report, state: 'fine' }));
  t.false(isReport({ ...report, services: [{ ...report.services[0], newPods: -1 }] }));
});

test('report.json – a release that went back – has the way back on the release’s own clock', (t) => {
  const { wentBack, services, code } = makeReport(degraded);
  t.is(code, 'RELEASE_DEGRADED');
  t.deepEqual(wentBack?.phases[0], { name: 'apply', from: 66.4, to: 67.3 });
  t.is(wentBack?.moments['dj-service']?.ready, 80);
  const dj = services.find(({ service }) => service === 'dj-service');
  t.like(dj, { code: 'CRASHED', exitCode: 1, restarts: 3, serves: { proven: false } });
  t.deepEqual(dj?.log, ['FATAL missing DB_HOST']);
});

test('summary.md – texts of others – are no markup, no mention and no link', (t) => {
  const whole = reportFiles(dangerous)['summary.md'] ?? '';
  // Nothing is markup within a span of code, and no text of others holds the end of one.
  const summary = whole.replaceAll(/`[^`\n]*`/g, '');
  t.notRegex(summary, /<script|@everyone|\]\(http|http:\/\/b/);
  t.false(summary.includes(hostile));
  t.regex(
    reportFiles(verified)['summary.md'] ?? '',
    /^### Release `20261123t020000z-0123456`: verified$/m,
  );
});
