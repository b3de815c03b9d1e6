import type { TimeWindow } from '../../domain/time-window.ts';
import { SourceError } from '../errors.ts';
import type { Ask } from '../http.ts';
import { readEnvelope } from '../rows.ts';
import { input, items, oneRun, type Run, runs } from './schema.ts';

export interface DiceOptions {
  /** `https://api.apify.com`, or what stands in for it. */
  readonly baseUrl: string;
  readonly token: string;
  /** `owner~name` */
  readonly actor: string;
  /** Rows that a run may be charged for. */
  readonly mostItems: number;
  readonly paidRunsPerDay: number;
  readonly cities: readonly string[];
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;
const PAGE = 250;
/** Of 20 s each, then the run is left to itself: the next ingestion reads what it has found. */
const WAITS = 9;
const AT_WORK = ['READY', 'RUNNING'];

/** The rows of a city, of a run that is there or of a new one, page by page. */
export async function* fetchRows(
  options: DiceOptions,
  ask: Ask,
  city: string,
  window: TimeWindow,
): AsyncGenerator<readonly unknown[]> {
  const api = apify(options, ask);
  const run = (await findRun(options, api, city, window)) ?? (await api.start(city, window));
  const { defaultDatasetId } = await untilEnded(api, run);
  for (let offset = 0; ; offset += PAGE) {
    const rows = await api.items(defaultDatasetId, offset);
    yield rows;
    if (rows.length < PAGE) return;
  }
}

type Apify = ReturnType<typeof apify>;

function apify({ baseUrl, token, actor, mostItems }: DiceOptions, ask: Ask) {
  const acts = `/v2/acts/${encodeURIComponent(actor)}/runs`;
  const call = (path: string, body?: unknown) =>
    ask({
      url: new URL(`${baseUrl}${path}`),
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
  return {
    async last(): Promise<readonly Run[]> {
      return readEnvelope(runs, await call(`${acts}?desc=1&limit=100`)).data.items;
    },
    async inputOf({ defaultKeyValueStoreId }: Run) {
      const record = await call(`/v2/key-value-stores/${defaultKeyValueStoreId}/records/INPUT`);
      const read = input.safeParse(record);
      return read.success ? read.data : undefined;
    },
    async start(city: string, { from, to }: TimeWindow): Promise<Run> {
      const body = {
        query: city,
        type: 'city',
        maxItems: mostItems,
        dateFrom: day(from),
        dateUntil: day(to),
        proxyConfiguration: { useApifyProxy: true },
      };
      return readEnvelope(oneRun, await call(`${acts}?maxItems=${mostItems}&timeout=900`, body))
        .data;
    },
    async wait({ id }: Run): Promise<Run> {
      return readEnvelope(oneRun, await call(`/v2/actor-runs/${id}?waitForFinish=20`)).data;
    },
    async items(dataset: string, offset: number): Promise<readonly unknown[]> {
      const query = `clean=1&format=json&limit=${PAGE}&offset=${offset}`;
      return readEnvelope(items, await call(`/v2/datasets/${dataset}/items?${query}`));
    },
  };
}

/** A run of today for the city; throws when there is none and no more may be paid for. */
async function findRun(
  { paidRunsPerDay, now = Date.now }: DiceOptions,
  api: Apify,
  city: string,
  { to }: TimeWindow,
): Promise<Run | undefined> {
  const ofToday = (await api.last()).filter(
    ({ startedAt }) => now() - Date.parse(startedAt) < DAY_MS,
  );
  for (const run of ofToday.filter(({ status }) => [...AT_WORK, 'SUCCEEDED'].includes(status))) {
    const asked = await api.inputOf(run);
    const isFor = asked?.query.toLowerCase() === city.toLowerCase();
    if (isFor && to.getTime() - Date.parse(asked.dateUntil) < 3 * DAY_MS) return run;
  }
  if (ofToday.length < paidRunsPerDay) return undefined;
  const oldest = Math.min(...ofToday.map(({ startedAt }) => Date.parse(startedAt)));
  throw new SourceError('SOURCE_BUSY', `its ${paidRunsPerDay} paid runs of a day are used`, {
    retryAt: new Date(oldest + DAY_MS),
  });
}

async function untilEnded(api: Apify, begun: Run): Promise<Run> {
  let run = begun;
  for (let waited = 0; AT_WORK.includes(run.status) && waited < WAITS; waited += 1) {
    run = await api.wait(run);
  }
  if (run.status === 'SUCCEEDED') return run;
  if (AT_WORK.includes(run.status))
    throw new SourceError('SOURCE_BUSY', 'its run is still at work');
  throw new SourceError('SOURCE_AWAY', `its run ended as ${run.status}`);
}

const day = (moment: Date) => moment.toISOString().slice(0, 10);
