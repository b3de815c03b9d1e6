import { createApify } from './apify/index.ts';
import { createBandsintown } from './bandsintown/index.ts';
import { createEventbrite } from './eventbrite/index.ts';
import { createSpotify } from './spotify/index.ts';
import type { StandIn } from './stand-in.ts';
import { createTicketmaster } from './ticketmaster/index.ts';

/** Every API that has a stand-in. */
export const standIns = (): readonly StandIn[] => [
  createSpotify(),
  createTicketmaster(),
  createBandsintown(),
  createEventbrite(),
  createApify(),
];
