import type { Database } from '@whatsthecraic/platform/database';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { preferencesContract as contract } from '../contract/preferences.ts';
import { changePreferences, readPreferences } from '../store/preferences.ts';

export const preferenceHandlers = (
  database: Database,
  now: () => number,
): Handlers<typeof contract> => ({
  getPreferences: ({ caller }) => readPreferences(database, caller.id),
  async changePreferences({ body, caller }) {
    await changePreferences(database, caller.id, body, new Date(now()));
    return readPreferences(database, caller.id);
  },
});
