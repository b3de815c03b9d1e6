import { parseAnswer } from '@whatsthecraic/platform/upstream/parse-answer';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import type { z } from 'zod';
import type { SharedReads } from './shared-reads.ts';

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
