import type { z } from 'zod';
import { type PublishedRoute, publishedRoutes } from '../../src/contract.ts';

export interface Asked {
  readonly route: PublishedRoute;
  readonly status: number;
  readonly code: string | undefined;
  readonly ms: number;
}

/** The path of a route with parameters that its schema takes. */
export const pathOf = ({ outer }: PublishedRoute): string =>
  outer.path.replace(/:(\w+)/g, (_, name: string) => sampleOf(outer.request?.params, name));

const SAMPLES = [
  ...['1', 'dj', 'x'.repeat(22), '00000000-0000-4000-8000-000000000000'],
  ...['genre-test', 'ticketmaster'],
];

function sampleOf(params: z.ZodObject | undefined, name: string): string {
  const schema = params?.shape[name] as z.ZodType | undefined;
  const sample = SAMPLES.find((it) => schema?.safeParse(it).success ?? true);
  if (sample === undefined) throw new Error(`no sample for :${name}`);
  return sample;
}

export interface AskOptions {
  readonly url: string;
  readonly routes?: readonly PublishedRoute[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Every public route, asked at once. */
export const askEveryRoute = ({
  url,
  routes = publishedRoutes,
  headers = {},
  body = {},
}: AskOptions): Promise<Asked[]> =>
  Promise.all(
    routes.map(async (route) => {
      const { method } = route.outer;
      const startedAt = performance.now();
      const answer = await fetch(url + pathOf(route), {
        method: method.toUpperCase(),
        redirect: 'manual',
        signal: AbortSignal.timeout(20_000),
        headers: { 'content-type': 'application/json', ...headers },
        ...(route.outer.request?.body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await answer.text().catch(() => '');
      const ms = performance.now() - startedAt;
      return { route, status: answer.status, code: codeOf(text), ms };
    }),
  );

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string } | null)?.code;
  } catch {
    return undefined;
  }
}

export const nameOf = ({ route: { outer } }: Asked) => `${outer.method} ${outer.path}`;
