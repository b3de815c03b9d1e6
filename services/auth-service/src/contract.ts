import type { Contract } from '@whatsthecraic/platform/route';
import { accounts } from './contract/accounts.ts';
import { keys } from './contract/keys.ts';
import { organizers } from './contract/organizers.ts';
import { preferencesContract } from './contract/preferences.ts';
import { sessions } from './contract/sessions.ts';
import { spotify } from './contract/spotify.ts';

export { type LinkOutcome, linkPage } from './contract/spotify.ts';

export const contract = {
  ...accounts,
  ...sessions,
  ...organizers,
  ...preferencesContract,
  ...keys,
  ...spotify,
} as const satisfies Contract;
