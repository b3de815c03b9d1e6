import type { Queries } from '@whatsthecraic/platform/database';
import { NotFound } from '@whatsthecraic/platform/errors';
import { limitSql } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { type Report, report } from '../contract/fields.ts';

export interface Version {
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly commit: string | null;
  readonly dataFrom: Date;
  readonly dataTo: Date;
  readonly actions: number;
  readonly people: number;
  readonly events: number;
  readonly figures: Report;
  readonly accepted: boolean;
  readonly reason: string;
  readonly trainedAt: Date;
}

const row = z.object({
  version: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  commit: z.string().nullable(),
  dataFrom: z.date(),
  dataTo: z.date(),
  actions: z.int(),
  people: z.int(),
  events: z.int(),
  figures: z.string().transform((text) => report.parse(JSON.parse(text))),
  accepted: z.int().transform(Boolean),
  reason: z.string(),
  trainedAt: z.date(),
});

const COLUMNS = `version, sha256, bytes, code_commit AS commit, data_from AS dataFrom,
  data_to AS dataTo, actions, people, events, figures, accepted, reason, trained_at AS trainedAt`;

export async function keepVersion(queries: Queries, it: Version): Promise<void> {
  await queries.run(
    `INSERT INTO model_versions (version, sha256, bytes, code_commit, data_from, data_to, actions,
       people, events, figures, accepted, reason, trained_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[it.version, it.sha256, it.bytes, it.commit, it.dataFrom, it.dataTo, it.actions],
      ...[it.people, it.events, JSON.stringify(it.figures), it.accepted ? 1 : 0],
      ...[it.reason.slice(0, 255), it.trainedAt],
    ],
  );
}

export const latestVersions = (queries: Queries, count: number): Promise<Version[]> =>
  queries.query(
    `SELECT ${COLUMNS} FROM model_versions ORDER BY trained_at DESC, version DESC ${limitSql(count)}`,
    [],
    row,
  );

export async function versionOf(queries: Queries, version: string): Promise<Version | undefined> {
  const [found] = await queries.query(
    `SELECT ${COLUMNS} FROM model_versions WHERE version = ?`,
    [version],
    row,
  );
  return found;
}

const serviceRow = z.object({ id: z.int(), version: z.string().nullable() });
export type InService = z.output<typeof serviceRow>;

/** What is to be in service; `undefined` before there was ever any model. */
export async function inService(queries: Queries): Promise<InService | undefined> {
  const [found] = await queries.query(
    'SELECT id, version FROM model_service ORDER BY id DESC LIMIT 1',
    [],
    serviceRow,
  );
  return found;
}

/** The models that were in service before that row, the last one first, each once. */
export async function servedBefore(queries: Queries, id: number): Promise<string[]> {
  const rows = await queries.query(
    'SELECT id, version FROM model_service WHERE id < ? ORDER BY id DESC LIMIT 50',
    [id],
    serviceRow,
  );
  return [...new Set(rows.flatMap(({ version }) => version ?? []))];
}

export async function putIntoService(
  queries: Queries,
  version: string | null,
  actor: number | null,
  at: Date,
): Promise<void> {
  await queries.run('INSERT INTO model_service (version, actor_id, at) VALUES (?, ?, ?)', [
    version,
    actor,
    at,
  ]);
}

/**
 * Goes back to a version, or without one to whatever was in service before the one that is; before the
 * first model that is popularity.
 */
export async function rollBack(
  queries: Queries,
  asked: string | undefined,
  actor: number,
  at: Date,
): Promise<string | null> {
  const now = await inService(queries);
  if (asked !== undefined && !(await versionOf(queries, asked))) {
    throw new NotFound(`there is no model ${asked}; GET /v1/models lists them`, 'unknown_model');
  }
  const before = now ? await servedBefore(queries, now.id) : [];
  const version = asked ?? before.find((it) => it !== now?.version) ?? null;
  await putIntoService(queries, version, actor, at);
  return version;
}
