import type { ExecutionContext } from 'ava';
import { startDjs } from '../../../dj-service/test/helpers/start-djs.ts';
import type { TestDatabase } from '../../../platform/test/helpers/database.ts';
import { as, type Sent } from '../../../platform/test/helpers/keepers.ts';
import { startVenues } from './start-venues.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test says by its assertions what it expects
type Body = any;
export interface Told extends Omit<Sent, 'body'> {
  readonly body: Body;
}

/** The marketplace with the real DJ service behind it; requests are an organizer's unless told. */
export async function startMarketplace(t: ExecutionContext, server: TestDatabase) {
  const djs = await startDjs(t, server);
  const venues = await startVenues(t, server, djs.url);
  type Headers = Readonly<Record<string, string>>;
  const ask = (method: string, path: string, body?: unknown, headers: Headers = as('organizer')) =>
    venues.send(method, path, headers, body) as Promise<Told>;
  return {
    djs,
    venues,
    ask,
    async plan(more: object = {}): Promise<number> {
      const { status, body } = await ask('POST', '/v1/organizer/plans', {
        name: 'A night',
        ...more,
      });
      t.is(status, 201, JSON.stringify(body));
      return body.id;
    },
    async dj(more: object = {}): Promise<number> {
      const { body } = await djs.send('POST', '/djs', as('organizer'), {
        ...{ name: 'DJ', city: 'Cork', ...more },
      });
      return body.id;
    },
    async venue(more: object = {}): Promise<number> {
      const { body } = await venues.send('POST', '/venues', as('organizer'), {
        ...{ name: 'House', address: `${Math.random()}`, city: 'Cork' },
        ...{ position: { latitude: 51.9, longitude: -8.47 }, ...more },
      });
      return body.id;
    },
    offer: (
      kind: 'dj' | 'venue',
      id: number,
      startsAt: string,
      endsAt: string,
      what = 'available',
    ) =>
      (kind === 'dj' ? djs : venues).send(
        'POST',
        `/v1/${kind}s/${id}/availability`,
        as('organizer'),
        { startsAt, endsAt, kind: what },
      ),
  };
}
