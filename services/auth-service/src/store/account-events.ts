import type { Queries } from '@whatsthecraic/platform/database';

export interface AccountEvent {
  readonly userId: number;
  /** Who did it; nobody for the command line. */
  readonly actorId: number | null;
  readonly what:
    | 'created'
    | 'email_confirmed'
    | 'email_changed'
    | 'password_changed'
    | 'password_reset'
    | 'role_changed'
    | 'spotify_linked'
    | 'spotify_unlinked';
  readonly detail?: string;
  readonly at: Date;
}

/** Writes down what happened to an account, in the transaction in which it happens. */
export async function noteEvent(queries: Queries, event: AccountEvent): Promise<void> {
  const { userId, actorId, what, detail = '', at } = event;
  await queries.run(
    `INSERT INTO account_events (user_id, actor_id, what, detail, happened_at)
     VALUES (?, ?, ?, ?, ?)`,
    [userId, actorId, what, detail, at],
  );
}
