export const ROLES = ['user', 'organizer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who sent a request, as an access token tells. */
export interface Caller {
  readonly id: number;
  readonly role: Role;
  /** The session that the token belongs to; a token without one opens only what asks for none. */
  readonly sessionId?: string;
}
