import { acts } from './world.ts';

const key = 'of-a-stand-in';

/** An app that Spotify's stand-in takes for its own; no secret of anybody. */
export const spotifyKeys = { SPOTIFY_CLIENT_ID: 'local', SPOTIFY_CLIENT_SECRET: key } as const;

/** What makes the ingestion ask all sources, each by its stand-in; no secret of anybody. */
export const ingestionKeys = {
  TICKETMASTER_API_KEY: key,
  BANDSINTOWN_APP_ID: key,
  EVENTBRITE_API_TOKEN: key,
  APIFY_TOKEN: key,
  // Nothing is paid for at a stand-in.
  DICE_APIFY_ENABLED: 'true',
  // The first run's; a later one asks for all who play here by then.
  BANDSINTOWN_SEED_ARTISTS: acts.filter((_, index) => index % 4 === 0).join(','),
} as const;
