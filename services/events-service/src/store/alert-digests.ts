import type { Database } from '@whatsthecraic/platform/database';
import { enqueueMail, settledMails } from '@whatsthecraic/platform/mail/outbox';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { SHOWN } from './event-list.ts';
import { notMarked } from './marked.ts';

/** One mail for a person, and then none for so long, whatever is announced. */
const QUIET_HOURS = 20;
/** What a mail lists; the next one has the rest. */
const MOST_EVENTS = 20;
/** Until then a mail waits for a mail server that is away. */
const WAITS_DAYS = 7;

const mailRow = z.object({ mailId: z.coerce.number() });
const personRow = z.object({ userId: z.int(), email: z.string() });
const eventRow = z.object({ id: z.int() });
const waitingRow = z.object({ mails: z.coerce.number(), since: z.date().nullable() });

/** Takes over from the outbox what became of mails: told, or free for the next one. */
export async function followDigests(database: Database) {
  const open = await database.query(
    `SELECT DISTINCT mail_id AS mailId FROM alert_notices
     WHERE told_at IS NULL AND mail_id IS NOT NULL ORDER BY mail_id LIMIT 1000`,
    [],
    mailRow,
  );
  const ids = open.map(({ mailId }) => mailId);
  let told = 0;
  let released = 0;
  for (const { id, reason, settledAt } of ids.length === 0
    ? []
    : await settledMails(database, ids)) {
    // A mailbox that refuses one will refuse the next; what was too late may still be news.
    if (reason === 'expired') {
      const sql = 'UPDATE alert_notices SET mail_id = NULL WHERE mail_id = ?';
      released += (await database.run(sql, [id])).affectedRows;
    } else {
      const sql = 'UPDATE alert_notices SET told_at = ? WHERE mail_id = ?';
      told += (await database.run(sql, [settledAt, id])).affectedRows;
    }
  }
  const [waiting = { mails: 0, since: null }] = await database.query(
    `SELECT COUNT(*) AS mails, MIN(created_at) AS since FROM mail_outbox
     WHERE state = 'waiting' AND kind = 'alert_digest' AND created_at < NOW(3) - INTERVAL 5 MINUTE`,
    [],
    waitingRow,
  );
  return { told, released, waiting };
}

/** Puts a mail into the outbox for each person who has news and is due one; gives back how many. */
export async function enqueueDigests(database: Database, signal: AbortSignal): Promise<number> {
  let mails = 0;
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const people = await database.query(
      `SELECT DISTINCT n.user_id AS userId, u.email FROM alert_notices n JOIN users u ON u.id = n.user_id
       WHERE n.told_at IS NULL AND n.mail_id IS NULL AND n.user_id > ?
         AND u.email_confirmed_at IS NOT NULL ORDER BY n.user_id LIMIT 200`,
      [after],
      personRow,
    );
    for (const person of people) if (await enqueueDigest(database, person)) mails += 1;
    if (people.length === 0) return mails;
    after = people.at(-1)?.userId ?? after;
  }
}

function enqueueDigest(
  database: Database,
  { userId, email }: z.output<typeof personRow>,
): Promise<boolean> {
  return database.transaction(async (queries) => {
    // Two runs at once make one mail: the second one finds the first one's.
    await queries.query('SELECT id FROM users WHERE id = ? FOR UPDATE', [userId], eventRow);
    const lately = await queries.query(
      `SELECT event_id AS id FROM alert_notices WHERE user_id = ? AND mail_id IS NOT NULL
         AND (told_at IS NULL OR told_at > NOW(3) - INTERVAL ${QUIET_HOURS} HOUR) LIMIT 1`,
      [userId],
      eventRow,
    );
    if (lately.length > 0) return false;
    const events = await queries.query(
      `SELECT e.id FROM alert_notices n JOIN events e ON e.id = n.event_id
       LEFT JOIN alerts a ON a.id = n.alert_id
       WHERE n.user_id = ? AND n.told_at IS NULL AND n.mail_id IS NULL AND e.starts_at > NOW(3)
         AND ${SHOWN} AND a.id IS NOT NULL AND a.paused_at IS NULL
         AND ${notMarked('hide', 'n.user_id')}
       ORDER BY e.starts_at, e.id LIMIT ${MOST_EVENTS}`,
      [userId],
      eventRow,
    );
    if (events.length === 0) return false;
    const ids = events.map(({ id }) => id);
    const mailId = await enqueueMail(queries, {
      kind: 'alert_digest',
      to: email,
      // What is in it is read when it is sent, so that nothing is told that was called off meanwhile.
      data: { userId, events: ids },
      expiresAt: new Date(Date.now() + WAITS_DAYS * 86_400_000),
    });
    await queries.run(
      `UPDATE alert_notices SET mail_id = ? WHERE user_id = ? AND event_id IN (${placeholders(ids)})`,
      [mailId, userId, ...ids],
    );
    return true;
  });
}

/** Forgets links of mails that are too old to be used. */
export async function sweepUnsubscribes(database: Database): Promise<void> {
  await database.run(
    'DELETE FROM alert_unsubscribes WHERE expires_at < NOW(3) ORDER BY expires_at LIMIT 1000',
    [],
  );
}
