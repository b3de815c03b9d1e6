import { limits, type RemoteSource } from './limits.ts';
import type { SourceConfig } from './settings.ts';
import type { Source } from './source.ts';
import { createTicketmaster } from './ticketmaster/index.ts';

/** The sources that there are keys for. */
export function createSources(config: SourceConfig, standIn: string | null): readonly Source[] {
  const baseUrl = (name: RemoteSource) => (standIn ? `${standIn}/${name}` : limits[name].host);
  const { ticketmasterKey } = config;
  return [
    ...(ticketmasterKey
      ? [
          createTicketmaster({
            baseUrl: baseUrl('ticketmaster'),
            apiKey: ticketmasterKey.reveal(),
          }),
        ]
      : []),
  ];
}
