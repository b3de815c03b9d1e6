import type { Database } from '@whatsthecraic/platform/database';
import type { Account } from '../store/accounts.ts';

/** Something noted of events, which are told by the numbers that they go by now. */
const ofEvents = (table: string, columns: string, order: string) =>
  `SELECT e.id AS eventId, e.title, e.starts_at AS startsAt, ${columns}
   FROM ${table} x JOIN events o ON o.id = x.event_id
   JOIN events e ON e.id = COALESCE(o.merged_into, o.id)
   WHERE x.user_id = ? ORDER BY ${order}, x.event_id`;

/** What belongs to a person beside the account itself, each with its user's number as one value. */
export const sections: Readonly<Record<string, string>> = {
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
  spotify: `SELECT l.spotify_id AS spotifyId, l.display_name AS displayName, l.state,
    l.linked_at AS linkedAt, l.synced_at AS syncedAt, t.artists, t.genres, t.fetched_at AS fetchedAt
    FROM spotify_links l LEFT JOIN spotify_tastes t ON t.user_id = l.user_id WHERE l.user_id = ?`,
  savedEvents: ofEvents('event_saves', 'x.saved_at AS savedAt', 'x.saved_at'),
  hiddenEvents: ofEvents('event_hides', 'x.hidden_at AS hiddenAt', 'x.hidden_at'),
  undoneMarks: ofEvents(
    'event_undone',
    'x.kind, x.since, x.undone_at AS undoneAt',
    'x.undone_at, x.kind',
  ),
  followedArtists: `SELECT a.name, f.followed_at AS followedAt
    FROM artist_follows f JOIN artists a ON a.id = f.artist_id WHERE f.user_id = ? ORDER BY f.followed_at`,
  alerts: `SELECT a.id, a.artist_name AS artist, g.name AS genre, a.city, a.radius_km AS radiusKm,
    a.created_at AS createdAt, a.paused_at AS pausedAt FROM alerts a LEFT JOIN genres g ON g.id = a.genre_id
    WHERE a.user_id = ? ORDER BY a.id`,
  alertNotices: ofEvents(
    'alert_notices',
    'x.alert_id AS alertId, x.found_at AS foundAt, x.told_at AS toldAt',
    'x.found_at',
  ),
  // Its address opens it for whoever has it, and is kept by nobody.
  calendarFeed: `SELECT created_at AS createdAt, read_at AS readAt FROM calendar_feeds
    WHERE user_id = ?`,
  recommendationFeedback: ofEvents('feedback', 'x.action, x.position, x.at', 'x.id'),
  recommendationsShown: `SELECT events, model_version AS modelVersion, experiment, variant,
    shown_at AS shownAt FROM exposures WHERE user_id = ? ORDER BY shown_at, id`,
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
