import { createBandsintown } from './bandsintown/index.ts';
import { createDice } from './dice/index.ts';
import { createEventbrite } from './eventbrite/index.ts';
import { limits, type RemoteSource } from './limits.ts';
import type { SourceConfig } from './settings.ts';
import type { Source } from './source.ts';
import { createTicketmaster } from './ticketmaster/index.ts';

/** The sources that there are keys for; what costs money has to be switched on too. */
export function createSources(
  config: SourceConfig,
  standIn: string | null,
  now: () => number = Date.now,
): readonly Source[] {
  const at = (name: RemoteSource) => ({
    baseUrl: standIn ? `${standIn}/${name}` : limits[name].host,
  });
  const { ticketmasterKey, bandsintown, eventbrite, dice } = config;
  const paidRunsPerDay = limits.dice.paidRunsPerDay ?? 0;
  return [
    ticketmasterKey &&
      createTicketmaster({ ...at('ticketmaster'), apiKey: ticketmasterKey.reveal() }),
    bandsintown.appId &&
      createBandsintown({
        ...bandsintown,
        ...at('bandsintown'),
        appId: bandsintown.appId.reveal(),
      }),
    eventbrite.token &&
      createEventbrite({ ...eventbrite, ...at('eventbrite'), token: eventbrite.token.reveal() }),
    dice.token &&
      dice.enabled &&
      createDice({ ...dice, ...at('dice'), token: dice.token.reveal(), paidRunsPerDay, now }),
  ].filter((source) => source !== null && source !== false);
}
