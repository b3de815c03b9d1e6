import { contract as auth } from '@whatsthecraic/auth-service/contract';
import { contract as dj } from '@whatsthecraic/dj-service/contract';
import { contract as events } from '@whatsthecraic/events-service/contract';
import { contract as ml } from '@whatsthecraic/ml-service/contract';
import type { Contract, RouteContract } from '@whatsthecraic/platform/route';
import { contract as venue } from '@whatsthecraic/venue-service/contract';
import type { UpstreamKey } from './config.ts';

/** A route of the public API and the one behind it. */
export interface PublishedRoute {
  readonly name: string;
  readonly upstream: UpstreamKey;
  /** As the upstream knows it. */
  readonly inner: RouteContract;
  /** The same under its public path. */
  readonly outer: RouteContract;
}

const contracts: Readonly<Record<UpstreamKey, Contract>> = { auth, events, dj, venue, ml };

/** The public API: every route that the five publish, and nothing that they do not. */
export const publishedRoutes: readonly PublishedRoute[] = Object.entries(contracts).flatMap(
  ([upstream, contract]) =>
    Object.entries(contract).flatMap(([name, inner]) =>
      inner.published
        ? [
            {
              name,
              upstream: upstream as UpstreamKey,
              inner,
              outer: withPath(inner, inner.published),
            },
          ]
        : [],
    ),
);

function withPath(inner: RouteContract, path: `/${string}`): RouteContract {
  const own = { 502: 'upstream_unavailable', 504: 'upstream_timeout' };
  return { ...inner, path, problems: { ...inner.problems, ...own } };
}
