import { contract as auth } from '../../services/auth-service/src/contract.ts';
import { contract as dj } from '../../services/dj-service/src/contract.ts';
import { contract as events } from '../../services/events-service/src/contract.ts';
import { contract as ml } from '../../services/ml-service/src/contract.ts';
import type { Contract, RouteContract } from '../../services/platform/src/route.ts';
import { Secret } from '../../services/platform/src/secret.ts';
import { createTokens } from '../../services/platform/src/tokens.ts';
import { contract as venue } from '../../services/venue-service/src/contract.ts';
import { jwtSecret, type ServiceProcess } from './six-services.ts';

const contracts: Readonly<Record<string, Contract>> = {
  'auth-service': auth,
  'events-service': events,
  'dj-service': dj,
  'venue-service': venue,
  'ml-service': ml,
};

/** Bodies of routes that ask nobody for a name; whoever has to give one is asked for it first. */
const bodies: Readonly<Record<string, object>> = {
  signUp: { name: 'A', email: 'a@example.com', password: 'sléibhte is farraige' },
  login: { email: 'a@example.com', password: 'sléibhte is farraige' },
  confirmEmail: { token: 'x'.repeat(43) },
  resetPassword: { token: 'x'.repeat(43), password: 'sléibhte is farraige' },
  forgotPassword: { email: 'a@example.com' },
  refreshSession: { refreshToken: `wtc_${'x'.repeat(22)}.${'y'.repeat(43)}` },
  findMentions: { texts: ['Róisín'] },
  matchDjs: { limit: 1 },
};
const queries: Readonly<Record<string, string>> = {
  ids: '1',
  from: '2027-01-01T00:00:00Z',
  to: '2027-01-02T00:00:00Z',
};
const samples = ['1', 'dj', 'x'.repeat(22), 'word'];

export interface RouteAnswer {
  readonly route: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly ms: number;
}

/** Every route that a service has, the inner ones too, asked at once with a well-made request. */
export function askEveryRoute({ name, url }: ServiceProcess): Promise<RouteAnswer[]> {
  const caller = { id: 1, role: 'admin', sessionId: 'x'.repeat(22) } as const;
  const token = createTokens(new Secret(jwtSecret)).sign(caller);
  const routes = Object.entries(contracts[name] ?? {});
  return Promise.all(
    routes.map(async ([operation, contract]) => {
      const startedAt = performance.now();
      const answer = await fetch(url + pathOf(contract), {
        method: contract.method.toUpperCase(),
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(contract.request?.body ? { body: JSON.stringify(bodies[operation] ?? {}) } : {}),
      });
      const text = await answer.text();
      const ms = Math.round(performance.now() - startedAt);
      const code = /"code":"(\w+)"/.exec(text)?.[1];
      return { route: `${name} ${operation}`, status: answer.status, code, ms };
    }),
  );
}

interface Schema {
  safeParse(value: unknown): { readonly success: boolean };
}

function pathOf({ path, request }: RouteContract): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const schema = request?.params?.shape[name] as Schema | undefined;
    return samples.find((it) => schema?.safeParse(it).success ?? true) ?? '1';
  });
  const named = Object.keys(request?.query?.shape ?? {}).filter((name) => name in queries);
  return `${filled}?${named.map((name) => `${name}=${queries[name]}`).join('&')}`;
}
