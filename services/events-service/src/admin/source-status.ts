import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { isClosed } from '../ingestion/due.ts';
import { limits, type RemoteSource } from '../sources/limits.ts';
import { createSourceStates, GATE } from '../store/source-states.ts';

const names = Object.keys(limits) as RemoteSource[];
const badRows = z.array(z.object({ id: z.string().nullable(), reason: z.string() }));
const runRow = z
  .object({
    source: z.string(),
    scope: z.string(),
    startedAt: z.date(),
    endedAt: z.date(),
    events: z.int(),
    changed: z.int(),
    elsewhere: z.int(),
    bad: z.int(),
    badRows: z.string().nullable(),
    missing: z.int(),
    error: z.string().nullable(),
  })
  .transform(({ source, scope, ...run }) => ({
    source,
    scope,
    run: {
      ...run,
      startedAt: run.startedAt.toISOString(),
      endedAt: run.endedAt.toISOString(),
      badRows: run.badRows === null ? [] : badRows.parse(JSON.parse(run.badRows)),
    },
  }));

/** How it stands with each source. */
export async function sourceStatus(database: Database, now: Date) {
  const states = createSourceStates(database);
  const runs = await lastRuns(database);
  return Promise.all(
    names.map(async (source) => {
      const known = await states.of(source);
      const gate = known.get(GATE);
      const scopes = [...known].filter(([scope]) => scope !== GATE);
      return {
        source,
        closedUntil: isClosed(gate, now) ? iso(gate?.dueAt) : null,
        failures: gate?.failures ?? 0,
        error: gate?.error ?? null,
        calls: { today: await states.callsOf(source, now), limit: limits[source].perDay },
        scopes: scopes
          .toSorted(([a, one], [b, other]) => other.failures - one.failures || (a < b ? -1 : 1))
          .map(([scope, state]) => ({
            scope,
            succeededAt: iso(state.succeededAt),
            dueAt: iso(state.dueAt),
            failures: state.failures,
            error: state.error,
            requestedAt: iso(state.requestedAt),
            lastRun: runs.get(`${source} ${scope}`) ?? null,
          })),
      };
    }),
  );
}

async function lastRuns(database: Database) {
  const rows = await database.query(
    `SELECT i.source, i.scope, i.started_at AS startedAt, i.ended_at AS endedAt, i.events, i.changed,
       i.elsewhere, i.bad, i.bad_rows AS badRows, i.missing, i.error
     FROM ingestions i JOIN (SELECT MAX(id) AS id FROM ingestions GROUP BY source, scope) newest
       ON newest.id = i.id`,
    [],
    runRow,
  );
  return new Map(rows.map(({ source, scope, run }) => [`${source} ${scope}`, run]));
}

const iso = (moment: Date | null | undefined) => moment?.toISOString() ?? null;
