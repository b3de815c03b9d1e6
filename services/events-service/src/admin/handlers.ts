import type { Caller } from '@whatsthecraic/platform/caller';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { audit } from '@whatsthecraic/platform/directory/audit';
import { once, replayedHeader } from '@whatsthecraic/platform/idempotency';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { SOURCES } from '../canonical/source-event.ts';
import { isClosed } from '../ingestion/due.ts';
import type { RemoteSource } from '../sources/limits.ts';
import { createSourceStates, GATE } from '../store/source-states.ts';
import { adminContract, decision } from './contract.ts';
import { decide, listDecisions, undo } from './decisions.ts';
import { ScopeNotFound } from './errors.ts';
import { explainEvent } from './explain.ts';
import { sourceStatus } from './source-status.ts';

const requested = adminContract.requestIngestion.response.body;

export function createAdminHandlers(database: Database): Handlers<typeof adminContract> {
  const claim = (caller: Caller, operation: string, key: string | undefined, request: unknown) => ({
    owner: `user:${caller.id}`,
    operation,
    key,
    request,
  });
  return {
    listSources: async () => ({ sources: await sourceStatus(database, new Date()) }),
    async requestIngestion({ params: { source }, body: { scope }, caller, headers }) {
      const request = claim(caller, 'ingestion_request', headers['idempotency-key'], {
        source,
        scope,
      });
      const { value, replayed } = await database.transaction((queries) =>
        once(queries, request, requested, () => wish(queries, source, scope, caller)),
      );
      return new Answer(value, { headers: replayedHeader(replayed) });
    },
    explainEvent: ({ params }) => explainEvent(database, params.id),
    async listDecisions({ query }) {
      const { found, ...page } = await listDecisions(database, query);
      return { decisions: found.map(({ item }) => item), ...page };
    },
    async decideMatch({ body, caller, headers }) {
      const request = claim(caller, 'match_decide', headers['idempotency-key'], body);
      const { value, replayed } = await database.transaction((queries) =>
        once(queries, request, decision, () => decide(queries, body, caller)),
      );
      return new Answer(value, { headers: replayedHeader(replayed) });
    },
    undoMatch: ({ params, caller }) =>
      database.transaction((queries) => undo(queries, params.id, caller)),
  };
}

/** Notes the wish for the next run of the ingestion: nothing is asked by this process. */
async function wish(
  queries: Queries,
  source: RemoteSource,
  scope: string | undefined,
  caller: Caller,
) {
  const now = new Date();
  const states = createSourceStates(queries);
  const known = await states.of(source);
  const all = [...known.keys()].filter((it) => it !== GATE);
  const scopes = scope === undefined ? all : all.filter((it) => it === scope);
  if (scope !== undefined && scopes.length === 0) throw new ScopeNotFound(source, scope);
  for (const each of scopes) await states.request(source, each, now);
  // A source has no number of its own; its place in the list is one.
  const id = SOURCES.indexOf(source);
  const fields = { source, scope: scope ?? null };
  await audit(queries, { kind: 'source' }, { id, action: 'request', caller, fields });
  const gate = known.get(GATE);
  const closedUntil = isClosed(gate, now) ? (gate?.dueAt?.toISOString() ?? null) : null;
  return { source, scopes, requestedAt: now.toISOString(), closedUntil };
}
