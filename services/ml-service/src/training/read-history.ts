import type { Database } from '@whatsthecraic/platform/database';
import type { ActionColumns } from '../model/actions.ts';
import type { EventFacts, History } from '../model/facts.ts';
import { ACTION_TABLES, allActions } from '../store/actions.ts';
import { allChoices, allEvents, CANONICAL_TABLES } from '../store/canonical.ts';

/** Everything that a model is trained on, and nothing besides: no table of a music service. */
export const TRAINING_TABLES: readonly string[] = [...CANONICAL_TABLES, ...ACTION_TABLES];

export async function readHistory(
  database: Database,
): Promise<History & { actions: ActionColumns }> {
  const events: EventFacts[] = [];
  for await (const page of allEvents(database)) {
    for (const { title: _, venueId: __, open: ___, ...facts } of page) events.push(facts);
  }
  const actions = await allActions(database);
  return { events, actions, choices: await allChoices(database) };
}
