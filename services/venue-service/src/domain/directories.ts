import { type dj, contract as djs } from '@whatsthecraic/dj-service/contract';
import type { Database } from '@whatsthecraic/platform/database';
import { findContacts, type Reachable } from '@whatsthecraic/platform/directory/contact';
import type { MatchPage } from '@whatsthecraic/platform/directory/matches';

import { NotFound } from '@whatsthecraic/platform/errors';
import { ownHeaders } from '@whatsthecraic/platform/upstream/own-headers';
import { parseAnswer } from '@whatsthecraic/platform/upstream/parse-answer';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import type { z } from 'zod';
import type { Plan, Reason } from '../contract/plans.ts';
import type { Kind } from '../contract/shortlist.ts';
import { subject } from '../store/subject.ts';
import type { Venue } from '../store/venue-row.ts';
import type { VenueStore } from '../store/venues.ts';

export type Dj = z.output<typeof dj>;

interface PageWanted {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Where the entries of a kind are asked for: here, or at the service that keeps them. */
export interface Directory<E> {
  readonly kind: Kind;
  match(plan: Plan, page: PageWanted): Promise<MatchPage<E, Reason['wish']>>;
  findAll(ids: readonly number[]): Promise<readonly E[]>;
  /** In the name of a caller, who may know it or not. */
  contactsOf(ids: readonly number[], authorization: string): Promise<readonly Reachable[]>;
  notFound(id: number): NotFound;
}

export interface Directories {
  readonly dj: Directory<Dj>;
  readonly venue: Directory<Venue>;
}

/** What a plan wants of anybody; what it leaves open is asked of nobody. */
const wanted = ({ city, genres, startsAt, endsAt }: Plan) => ({
  city: city ?? undefined,
  genres: genres.length > 0 ? genres : undefined,
  free: startsAt && endsAt ? { from: new Date(startsAt), to: new Date(endsAt) } : undefined,
});

export const createVenueDirectory = (database: Database, store: VenueStore): Directory<Venue> => ({
  kind: 'venue',
  match: (plan, page) =>
    store.match({ ...wanted(plan), capacityMin: plan.capacity ?? undefined, ...page }),
  findAll: async (ids) => (ids.length === 0 ? [] : store.findAll(ids)),
  contactsOf: async (ids) => (ids.length === 0 ? [] : findContacts(database, subject, ids)),
  notFound: subject.notFound,
});

export function createDjDirectory(upstream: Upstream): Directory<Dj> {
  async function ask<S extends z.ZodType>(
    route: { readonly path: string; readonly response: { readonly body: S } },
    { query = '', headers = {}, body }: { query?: string; headers?: object; body?: unknown },
  ): Promise<z.output<S>> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await upstream.send({
      method: body === undefined ? 'GET' : 'POST',
      path: route.path + query,
      headers: { ...ownHeaders(), ...json, ...headers },
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
    const text = await answer.body.text();
    return parseAnswer(upstream.name, answer.status, text, route.response.body);
  }

  const idsOf = (ids: readonly number[]) => `?ids=${ids.join(',')}`;
  return {
    kind: 'dj',
    match: (plan, page) => {
      const { budgetMax } = plan;
      return ask(djs.matchDjs, {
        body: { ...wanted(plan), feeMax: budgetMax ?? undefined, ...page },
      });
    },
    async findAll(ids) {
      if (ids.length === 0) return [];
      return (await ask(djs.djsById, { query: idsOf(ids) })).djs;
    },
    async contactsOf(ids, authorization) {
      if (ids.length === 0) return [];
      const headers = { authorization };
      return (await ask(djs.djContacts, { query: idsOf(ids), headers })).contacts;
    },
    notFound: (id) => new NotFound(`there is no DJ ${id}`, 'dj_not_found'),
  };
}
