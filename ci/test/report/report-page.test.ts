import { writeFile } from 'node:fs/promises';
import test from 'ava';
import { openBrowser } from '../../../test/helpers/browser.ts';
import { reportFiles } from '../../src/report/report-files.ts';
import { degraded, records } from './reported.ts';

const sizes = { desktop: { width: 1_280, height: 900 }, phone: { width: 360, height: 740 } };

/** A folder to leave pictures in, for people who want to look at them. */
const pictures = process.env.PICTURES;

interface Seen {
  /** Pixels by which the page is wider than the window. */
  readonly wide: number;
  readonly scripts: number;
  readonly paper: string;
  readonly names: readonly string[];
}

const whatIsSeen = `({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  scripts: document.scripts.length,
  paper: getComputedStyle(document.body).backgroundColor,
  names: [...document.querySelectorAll('.axis .row:not(.ticks,.steps) .name')].map((it) => it.textContent),
})`;

interface SeenBar {
  readonly kind: string;
  /** Shares of the axis. */
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

const barsOfDj = `(() => {
  const row = [...document.querySelectorAll('.axis .row')].find((it) => it.textContent === 'dj-service');
  const { left: start, width } = row.querySelector('.track').getBoundingClientRect();
  return [...row.querySelectorAll('.bar')].map((it) => {
    const { left, right } = it.getBoundingClientRect();
    return {
      kind: it.className,
      from: (left - start) / width,
      to: (right - start) / width,
      title: it.getAttribute('title'),
    };
  });
})()`;

test.serial(
  'report.html – every kind of release, desktop and phone, light and dark – fits and asks nobody',
  async (t) => {
    const browser = await openBrowser(t);
    const page = await browser.newPage();
    const asked: string[] = [];
    const trouble: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => trouble.push(message.text()));
    for (const [name, record] of Object.entries(records)) {
      for (const [size, viewport] of Object.entries(sizes)) {
        for (const scheme of ['light', 'dark']) {
          await page.setViewport(viewport);
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
          await page.setContent(reportFiles(record)['report.html'] ?? '');
          const seen = (await page.evaluate(whatIsSeen)) as Seen;
          const what = `${name}, ${size}, ${scheme}`;
          t.true(seen.wide <= 0, `${what}: ${seen.wide} px too wide`);
          t.is(seen.scripts, 0, what);
          t.is(seen.paper, scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)', what);
          const drawn = record.release.timeline ? record.release.services : [];
          t.deepEqual(
            seen.names,
            drawn.map(({ service }) => service),
            what,
          );
          if (pictures) {
            const picture = await page.screenshot({ fullPage: true });
            await writeFile(`${pictures}/${name}-${size}-${scheme}.png`, picture);
          }
        }
      }
    }
    t.deepEqual([asked.filter((url) => !url.startsWith('about:')), trouble], [[], []]);
  },
);

test.serial(
  'report.html – a crash and the way back – bars lie where their seconds are',
  async (t) => {
    const browser = await openBrowser(t);
    const page = await browser.newPage();
    await page.setViewport(sizes.desktop);
    await page.setContent(reportFiles(degraded)['report.html'] ?? '');
    const bars = (await page.evaluate(barsOfDj)) as SeenBar[];
    const failed = bars.find(({ kind }) => kind === 'bar failed');
    t.true(Math.abs((failed?.from ?? 0) - 38.5 / 104.6) < 0.01);
    t.true(Math.abs((failed?.to ?? 0) - 59 / 104.6) < 0.01);
    t.is(failed?.title, 'dj-service: failing, 38.5 to 59.0 s');
    t.true(
      bars
        .filter(({ kind }) => kind.includes('back'))
        .every(({ from, to }) => from > 0.6 && to <= 1),
    );
  },
);
