import type { Request } from 'express';
import type { z } from 'zod';
import { type FieldError, InvalidRequest, UnsupportedMediaType } from './errors.ts';
import type { RequestSchemas } from './route.ts';

export type Validated = Partial<Record<keyof RequestSchemas, unknown>>;

const PARTS = ['params', 'query', 'headers', 'body'] as const;

/** Checks and converts every part that has a schema; throws one `InvalidRequest` with all faults. */
export function validate(req: Request, schemas: RequestSchemas): Validated {
  if (schemas.body && req.body === undefined && hasBody(req)) {
    throw new UnsupportedMediaType('send the body as application/json');
  }
  const values: Validated = {};
  const errors: FieldError[] = [];
  for (const part of PARTS) {
    const schema = schemas[part];
    if (!schema) continue;
    const result = schema.safeParse(req[part]);
    if (result.success) values[part] = result.data;
    else errors.push(...result.error.issues.map((issue) => toFieldError(part, issue, schema)));
  }
  if (errors.length > 0) throw new InvalidRequest(errors);
  return values;
}

function toFieldError(part: string, issue: z.core.$ZodIssue, schema: z.ZodType): FieldError {
  if (issue.code === 'unrecognized_keys') {
    const known = 'shape' in schema ? Object.keys(schema.shape as object).join(', ') : '';
    const message = `not known here${known ? `; known: ${known}` : ''}`;
    return { field: [part, ...issue.path, issue.keys.join(', ')].join('.'), message };
  }
  return { field: [part, ...issue.path].join('.'), message: issue.message };
}

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
