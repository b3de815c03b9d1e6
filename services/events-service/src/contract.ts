import type { Contract } from '@whatsthecraic/platform/route';
import { adminContract } from './admin/contract.ts';
import { alertsContract } from './alerts/contract.ts';
import { calendarContract } from './calendar/contract.ts';
import { event } from './event.ts';
import { feedContract } from './feed/contract.ts';
import { localEventsContract } from './local-events/contract.ts';
import { marksContract } from './marks/contract.ts';
import { performersContract } from './performers/contract.ts';
import { searchContract } from './search/contract.ts';
import { spotifyContract } from './spotify/contract.ts';

export { event };

export const contract = {
  ...searchContract,
  ...marksContract,
  ...feedContract,
  ...performersContract,
  ...alertsContract,
  ...localEventsContract,
  ...adminContract,
  ...calendarContract,
  ...spotifyContract,
} as const satisfies Contract;
