import type { z } from 'zod';
import type { Upstream } from './upstream.ts';

export interface JsonRequest<S extends z.ZodType> {
  readonly upstream: Upstream;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly schema: S;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an upstream answers, checked against its contract; throws when it answers otherwise. */
export async function readJson<S extends z.ZodType>(request: JsonRequest<S>): Promise<z.output<S>> {
  const { upstream, path, query, schema, headers } = request;
  const set = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const search = new URLSearchParams(set).toString();
  const answer = await upstream.send({
    method: 'GET',
    path: search ? `${path}?${search}` : path,
    headers,
  });
  if (answer.status !== 200) {
    await answer.body.dump();
    throw new Error(`${upstream.name} answered ${answer.status} for ${path}`);
  }
  return schema.parse(await answer.body.json());
}
