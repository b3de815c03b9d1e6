import { HttpError } from '@whatsthecraic/platform/errors';
import { z } from 'zod';
import { UpstreamGarbage } from '../errors.ts';
import type { SharedReads } from './shared-reads.ts';
import type { Upstream } from './upstream.ts';

export interface JsonRequest<S extends z.ZodType> {
  readonly reads: SharedReads;
  readonly upstream: Upstream;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly schema: S;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an upstream answers, checked against its contract; its problems are thrown as they are. */
export async function readJson<S extends z.ZodType>(request: JsonRequest<S>): Promise<z.output<S>> {
  const { reads, upstream, path, query, schema, headers } = request;
  const set = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const search = new URLSearchParams(set).toString();
  const whole = search ? `${path}?${search}` : path;
  const answer = await reads.read({ upstream, path: whole, headers });
  return parseAnswer(upstream.name, answer.status, answer.body.toString('utf8'), schema);
}

/** A body as its contract has it, or the problem that it tells of. */
export function parseAnswer<S extends z.ZodType>(
  name: string,
  status: number,
  text: string,
  schema: S,
): z.output<S> {
  const told = parseJson(text);
  const body = status === 200 ? schema.safeParse(told) : problem.safeParse(told);
  if (!body.success) throw new UpstreamGarbage(name, body.error);
  if (status === 200) return body.data as z.output<S>;
  const { code, title, detail, errors = [] } = body.data as z.output<typeof problem>;
  throw new HttpError(status, code, title, {
    ...(detail === undefined ? {} : { detail }),
    errors,
    headers: status === 503 ? { 'Retry-After': '5' } : {},
  });
}

const problem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
