import type { SqlValue } from './database.ts';

/** Conditions of a search, joined by AND, with their values in order. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: SqlValue[] = [];

  add(sql: string, ...values: SqlValue[]): void {
    this.#parts.push(sql);
    this.values.push(...values);
  }

  /** Takes over what another one asks for, or that it is not so. */
  join({ sql, values }: Conditions, holds = true): void {
    this.add(holds ? sql : `(${sql}) IS NOT TRUE`, ...values);
  }

  get sql(): string {
    return this.#parts.length === 0 ? '1 = 1' : this.#parts.join(' AND ');
  }
}

/** `?, ?, ?` for the values of an IN list. */
export const placeholders = (values: readonly unknown[]) => values.map(() => '?').join(', ');

/** A user's text as part of a LIKE pattern: `%`, `_` and `\` stand for themselves. */
export const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** A count for LIMIT: written into the text, since MySQL 8 refuses a prepared number there. */
export function limitSql(count: number): string {
  if (!Number.isInteger(count) || count < 1 || count > 10_000) {
    throw new RangeError(`LIMIT: expected a whole number from 1 to 10000, got ${count}`);
  }
  return `LIMIT ${count}`;
}
