import type { Charge, Limit } from '@whatsthecraic/platform/throttle';
import type { Kind } from '../contract/shortlist.ts';

const HOUR = 3_600_000;

/** How many letters may be written; the site’s name stands on each of them. */
const limits = {
  organizerHour: { name: 'contact-organizer-hour', most: 10, windowMs: HOUR },
  organizerDay: { name: 'contact-organizer-day', most: 30, windowMs: 24 * HOUR },
  /** From all organizers together. */
  recipient: { name: 'contact-recipient', most: 5, windowMs: 24 * HOUR },
} as const satisfies Record<string, Limit>;

/** The same one is written to again after that. */
export const FRESH_DAYS = 7;

export const contactCharges = (userId: number, kind: Kind, itemId: number): readonly Charge[] => [
  { limit: limits.organizerHour, key: String(userId) },
  { limit: limits.organizerDay, key: String(userId) },
  { limit: limits.recipient, key: `${kind} ${itemId}` },
];
