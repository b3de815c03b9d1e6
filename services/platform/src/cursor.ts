import { z } from 'zod';
import { InvalidRequest } from './errors.ts';

/** Where a page ended, as one opaque word for a URL. */
export function encodeCursor(keys: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** The keys of a cursor; whatever is not one of ours is a fault of the request. */
export function decodeCursor<S extends z.ZodType>(cursor: string, keys: S): z.output<S> {
  const result = keys.safeParse(parse(cursor));
  if (result.success) return result.data;
  throw new InvalidRequest([
    { field: 'query.cursor', message: 'expected the nextCursor of an earlier page, unchanged' },
  ]);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(400).optional(),
};
