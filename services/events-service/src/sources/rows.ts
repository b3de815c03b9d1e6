import type { z } from 'zod';
import { SourceError } from './errors.ts';

export interface BadRow {
  readonly id: string | null;
  readonly reason: string;
}

export interface Rows<T> {
  readonly good: readonly T[];
  readonly bad: readonly BadRow[];
}

/** Reads each row by itself: a bad one is named, and the good ones are kept. */
export function readRows<T>(schema: z.ZodType<T>, rows: readonly unknown[]): Rows<T> {
  const good: T[] = [];
  const bad: BadRow[] = [];
  for (const row of rows) {
    const result = schema.safeParse(row);
    if (result.success) good.push(result.data);
    else bad.push({ id: idOf(row), reason: reasonOf(result.error) });
  }
  return { good, bad };
}

/** Reads what is around the rows; without it there is nothing to keep. */
export function readEnvelope<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new SourceError(
    'SOURCE_UNREADABLE',
    `its answer has another form: ${reasonOf(result.error)}`,
  );
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'not valid'}`.slice(0, 200);
}

function idOf(row: unknown): string | null {
  const { id, eventId, url } = Object(row) as Record<string, unknown>;
  const found = [id, eventId, url].find((it) => typeof it === 'string' || typeof it === 'number');
  return found === undefined ? null : String(found).slice(0, 100);
}
