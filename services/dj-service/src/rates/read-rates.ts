import { parseRates, RatesError } from './parse-rates.ts';

export const ECB_URL = 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml';
const LONGEST_MS = 10_000;
const LARGEST_BYTES = 256 * 1024;

/** The rates that the bank published last; throws with the reason when they cannot be had. */
export async function readRates(url: string, signal?: AbortSignal, now: Date = new Date()) {
  const timeout = AbortSignal.timeout(LONGEST_MS);
  const answer = await fetch(url, {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    redirect: 'error',
    headers: { accept: 'application/xml, text/xml' },
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new RatesError(`it answers ${answer.status}`);
  }
  return parseRates(await readText(answer), now);
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BYTES) throw new RatesError(`it is longer than ${LARGEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
