import { z } from 'zod';
import { HttpError } from '../errors.ts';
import { UpstreamGarbage } from './errors.ts';

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
