import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@whatsthecraic/platform/database';
import type { ExecutionContext } from 'ava';
import {
  type TestDatabase,
  testServerConfig,
  testVerifier,
} from '../../../platform/test/helpers/database.ts';
import { silentLog, startReady } from '../../../platform/test/helpers/service.ts';
import { createMlService } from '../../src/app.ts';
import { openModelStore } from '../../src/models/open-store.ts';
import { runTraining } from '../../src/training/run-training.ts';
import { modelsIn, type Place } from './places.ts';

export interface Line {
  readonly event: { readonly id: number; readonly title: string; readonly city: string };
  readonly score: number;
  readonly reason: string | null;
  readonly reasons: { readonly type: string; readonly name?: string; readonly because?: string }[];
}

export interface List {
  readonly modelVersion: string;
  readonly experiment: string | null;
  readonly variant: string | null;
  readonly confidence: string;
  readonly exposureId: string | null;
  readonly recommendations: Line[];
}

export interface Answered<T> {
  readonly status: number;
  readonly body: T;
}

const DAY_MS = 86_400_000;
export const GENRES = { jazz: 6, folk: 7, house: 12, techno: 13 } as const;

/** A folder of models that is gone after the test. */
export async function modelFolder(t: Pick<ExecutionContext, 'teardown'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-models-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The service on a test's database and a place of models. */
export async function startMl(
  t: ExecutionContext,
  server: TestDatabase,
  place: Place,
  now: () => Date = () => new Date(),
) {
  const config = {
    ...testServerConfig,
    database: server.config,
    tokens: testVerifier,
    models: modelsIn(place),
  };
  const log = silentLog('ml-service');
  const overrides = { checkResponses: true, log, now: () => now().getTime() };
  const under = await startReady(t, createMlService(config, overrides));

  async function call<T>(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<Answered<T>> {
    const answer = await fetch(under.url + path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  }

  return {
    ...under,
    call,
    metrics: async () => (await fetch(`${under.metricsUrl}/metrics`)).text(),
    async list(headers: Readonly<Record<string, string>> = {}, body: object = {}): Promise<List> {
      const { status, body: found } = await call<List>(
        'POST',
        '/v1/recommendations',
        headers,
        body,
      );
      if (status !== 200) throw new Error(JSON.stringify(found));
      return found;
    },
  };
}

/** Trains once, as the command does, on a test's database. */
export async function trainOnce(server: TestDatabase, place: Place, now = () => new Date()) {
  const log = silentLog('ml-training');
  const database = openDatabase({ config: server.config, log, connections: 2 });
  try {
    const store = openModelStore(modelsIn(place));
    return await runTraining({ database, store, log, commit: `${'a'.repeat(40)}-dirty`, now });
  } finally {
    await database.close();
  }
}

/** An event some days from now. */
export async function makeEvent(
  { insert }: TestDatabase,
  title: string,
  { city = 'Cork', genre, days = 10, more = {} }: EventWish = {},
): Promise<number> {
  const starts_at = new Date(Date.now() + days * DAY_MS + 60_000);
  const created_at = new Date(Date.now() - 20 * DAY_MS);
  const id = await insert('events', { uid: title, title, city, starts_at, created_at, ...more });
  if (genre) await insert('event_genres', { event_id: id, genre_id: GENRES[genre] });
  return id;
}

export interface EventWish {
  readonly city?: string;
  readonly genre?: keyof typeof GENRES;
  readonly days?: number;
  readonly more?: Readonly<Record<string, unknown>>;
}
