import type { ExecutionContext } from 'ava';
import { type Browser, launch } from 'puppeteer-core';

/** Debian's Chromium, without a window; tests' own pages are all that it ever loads. */
export const chromium = '/usr/bin/chromium';

export async function openBrowser(t: ExecutionContext): Promise<Browser> {
  t.timeout(120_000, 'a browser starts, on cores that others may use');
  const browser = await launch({
    executablePath: chromium,
    // Its sandbox takes rights that a test run by root does not have.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    timeout: 90_000,
  });
  t.teardown(() => browser.close());
  return browser;
}
