export const ROLES = ['user', 'organizer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who sent a request, as an access token tells. */
export interface Caller {
  readonly id: number;
  readonly role: Role;
}
