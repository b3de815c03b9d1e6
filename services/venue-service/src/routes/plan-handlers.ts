import type { Caller } from '@whatsthecraic/platform/caller';
import { VersionConflict, versionSeen } from '@whatsthecraic/platform/conditional';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { requireCity, requireGenreNames } from '@whatsthecraic/platform/directory/reference';
import { checkSpan } from '@whatsthecraic/platform/directory/windows';
import { InvalidRequest } from '@whatsthecraic/platform/errors';
import { once, replayedHeader } from '@whatsthecraic/platform/idempotency';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { type plans as contract, type Plan, type PlanChange, plan } from '../contract/plans.ts';
import type { Directories } from '../domain/directories.ts';
import { djReasons, venueReasons } from '../domain/reasons.ts';
import { PlanNotFound } from '../errors.ts';
import {
  deletePlan,
  findPlan,
  insertPlan,
  listPlans,
  type PlanColumns,
  updatePlan,
} from '../store/plans.ts';

/** No night is longer; also the longest time that somebody can be asked to be free for. */
const LONGEST_DAYS = 31;

export async function requirePlan(queries: Queries, id: number, caller: Caller) {
  const found = await findPlan(queries, id, caller.id);
  if (!found) throw new PlanNotFound(id);
  return found;
}

export const planHandlers = (
  database: Database,
  directories: Directories,
): Handlers<typeof contract> => {
  /** Holds a plan for a change of what the caller has seen. */
  async function open(queries: Queries, id: number, caller: Caller, ifMatch: string | undefined) {
    const version = versionSeen(ifMatch);
    const found = await findPlan(queries, id, caller.id, { forUpdate: true });
    if (!found) throw new PlanNotFound(id);
    if (version !== undefined && version !== found.version) throw new VersionConflict();
    return found;
  }

  const answer = async (queries: Queries, id: number, caller: Caller) => {
    const { plan: found, version } = await requirePlan(queries, id, caller);
    return new Answer(found, { version });
  };

  return {
    async createPlan({ body, caller, headers }) {
      const claim = {
        ...{ owner: `user:${caller.id}`, operation: 'createPlan', request: body },
        key: headers['idempotency-key'],
      };
      const { value, replayed } = await database.transaction((queries) =>
        once(queries, claim, plan, async () => {
          const id = await insertPlan(queries, caller.id, await toColumns(queries, body));
          return (await requirePlan(queries, id, caller)).plan;
        }),
      );
      const location = { Location: `/v1/organizer/plans/${value.id}` };
      return new Answer(value, {
        version: 1,
        headers: { ...location, ...replayedHeader(replayed) },
      });
    },
    listPlans: ({ query, caller }) => listPlans(database, caller.id, query),
    getPlan: ({ params, caller }) => answer(database, params.id, caller),
    changePlan: ({ params: { id }, body, caller, headers }) =>
      database.transaction(async (queries) => {
        const { plan: before } = await open(queries, id, caller, headers['if-match']);
        await updatePlan(queries, id, await toColumns(queries, body, before));
        return answer(queries, id, caller);
      }),
    async removePlan({ params: { id }, caller, headers }) {
      await database.transaction(async (queries) => {
        await open(queries, id, caller, headers['if-match']);
        await deletePlan(queries, id);
      });
    },
    async matchPlanDjs({ params, query, caller }) {
      const { plan: found } = await requirePlan(database, params.id, caller);
      const { matches, ...rest } = await directories.dj.match(found, query);
      return {
        matches: matches.map(({ entry: dj, lacks }) => ({
          ...{ dj, lacks, reasons: djReasons(found, dj, lacks) },
        })),
        ...rest,
      };
    },
    async matchPlanVenues({ params, query, caller }) {
      const { plan: found } = await requirePlan(database, params.id, caller);
      const { matches, ...rest } = await directories.venue.match(found, query);
      return {
        matches: matches.map(({ entry: venue, lacks }) => ({
          ...{ venue, lacks, reasons: venueReasons(found, venue, lacks) },
        })),
        ...rest,
      };
    },
  };
};

async function toColumns(queries: Queries, body: PlanChange, before?: Plan): Promise<PlanColumns> {
  const { name, city, capacity, budgetMax, genres, gearNeeds, vibeTags, notes } = body;
  checkTimes(body, before);
  const columns = {
    name,
    city: city && (await requireCity(queries, city)),
    starts_at: body.startsAt,
    ends_at: body.endsAt,
    capacity,
    budget_max_minor: budgetMax == null ? budgetMax : Math.round(budgetMax * 100),
    genres: genres && JSON.stringify(await requireGenreNames(queries, genres)),
    gear_needs: gearNeeds && JSON.stringify(gearNeeds),
    vibe_tags: vibeTags && JSON.stringify(vibeTags),
    notes,
  };
  return Object.fromEntries(
    Object.entries(columns).flatMap(([column, value]) =>
      value === undefined ? [] : [[column, value]],
    ),
  );
}

/** As they will be: a change may name one of both. */
function checkTimes(body: PlanChange, before: Plan | undefined): void {
  const at = (text: string | null | undefined) => (text ? new Date(text) : null);
  const from = body.startsAt === undefined ? at(before?.startsAt) : body.startsAt;
  const to = body.endsAt === undefined ? at(before?.endsAt) : body.endsAt;
  if (from === null && to === null) return;
  if (from === null || to === null) {
    const field = from === null ? 'body.startsAt' : 'body.endsAt';
    throw new InvalidRequest([{ field, message: 'give startsAt and endsAt together' }]);
  }
  checkSpan({ from, to }, ['body.startsAt', 'body.endsAt'], LONGEST_DAYS);
}
