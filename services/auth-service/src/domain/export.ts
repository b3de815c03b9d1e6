import type { Database } from '@whatsthecraic/platform/database';
import type { Account } from '../store/accounts.ts';

/** What belongs to a person beside the account itself, each with its user's number as one value. */
const sections: Readonly<Record<string, string>> = {
  sessions: `SELECT user_agent AS userAgent, created_at AS createdAt, rotated_at AS lastUsedAt,
    expires_at AS expiresAt, ended_at AS endedAt FROM sessions WHERE user_id = ? ORDER BY created_at`,
  history: `SELECT what, detail, happened_at AS happenedAt FROM account_events
    WHERE user_id = ? ORDER BY id`,
  organizerRequests: `SELECT message, status, note, created_at AS createdAt, decided_at AS decidedAt
    FROM organizer_requests WHERE user_id = ? ORDER BY id`,
  preferences: `SELECT genres, artists, cities, venues, djs, nights,
    budget_max_minor AS budgetMaxCents, radius_km AS radiusKm, updated_at AS updatedAt
    FROM user_preferences WHERE user_id = ?`,
  plans: `SELECT name, city, starts_at AS startsAt, ends_at AS endsAt, capacity,
    budget_max_minor AS budgetMaxCents, genres, gear_needs AS gearNeeds, vibe_tags AS vibeTags, notes,
    created_at AS createdAt FROM event_plans WHERE user_id = ? ORDER BY id`,
  contactRequests: `SELECT kind, item_id AS itemId, name, message, status, note,
    created_at AS createdAt, sent_at AS sentAt FROM contact_requests WHERE user_id = ? ORDER BY id`,
  savedEvents: `SELECT s.event_id AS eventId, e.title, e.starts_at AS startsAt, s.saved_at AS savedAt
    FROM event_saves s JOIN events e ON e.id = s.event_id WHERE s.user_id = ? ORDER BY s.saved_at`,
};

/** All that is kept of a person, as one document (GDPR, article 20); secrets are nobody's data. */
export async function exportAccount(database: Database, account: Account, now: () => number) {
  const rows = { parse: (row: unknown) => row as Record<string, unknown> };
  const document: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(sections)) {
    document[name] = await database.query(sql, [account.id], rows);
  }
  return { exportedAt: new Date(now()).toISOString(), account, ...document };
}
