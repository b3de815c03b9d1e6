import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { Secret } from '@whatsthecraic/platform/secret';
import { z } from 'zod';

const key = (variable: string, where: string) =>
  new Setting(
    variable,
    z
      .string()
      .transform((text) => new Secret(text))
      .nullable()
      .default(null),
    {
      expected: `the key of ${where}; without it that source is not asked`,
      example: `see docs/sources.md`,
      secret: true,
    },
  );

const list = (variable: string, example: string, expected: string, usual: readonly string[] = []) =>
  new Setting(
    variable,
    z
      .string()
      .default(usual.join(','))
      .transform((text) =>
        text
          .split(',')
          .map((it) => it.trim())
          .filter(Boolean),
      ),
    { expected, example },
  );

const count = (variable: string, usual: number, most: number, expected: string) =>
  new Setting(variable, z.coerce.number().int().min(1).max(most).default(usual), {
    expected,
    example: String(usual),
  });

/** The keys of the sources, and whom and what to ask; one without a key is left out. */
export const sourceSettings = {
  ticketmasterKey: key('TICKETMASTER_API_KEY', 'developer.ticketmaster.com'),
  bandsintown: {
    appId: key('BANDSINTOWN_APP_ID', 'Bandsintown, an application id'),
    artists: list(
      'BANDSINTOWN_SEED_ARTISTS',
      'Lankum,Kneecap',
      'artists with commas between them, who are asked about before those who play here',
    ),
    mostArtists: count('BANDSINTOWN_MAX_ARTISTS', 100, 400, 'how many artists are asked about'),
  },
  eventbrite: {
    token: key('EVENTBRITE_API_TOKEN', 'Eventbrite, a private token'),
    organizations: list(
      'EVENTBRITE_ORG_IDS',
      '123456789012,210987654321',
      'numbers of organisations with commas between them; those of the token without',
    ),
    venues: list('EVENTBRITE_VENUE_IDS', '12345678', 'numbers of venues with commas between them'),
  },
  dice: {
    token: key('APIFY_TOKEN', 'Apify'),
    enabled: new Setting(
      'DICE_APIFY_ENABLED',
      z
        .enum(['true', 'false'])
        .default('false')
        .transform((text) => text === 'true'),
      {
        expected: 'true or false: whether runs at Apify may be paid for',
        example: 'false',
      },
    ),
    actor: new Setting(
      'DICE_APIFY_ACTOR',
      z
        .string()
        .regex(/^[\w.-]+~[\w.-]+$/)
        .default('lexis-solutions~dice-fm'),
      { expected: 'an actor at Apify as owner~name', example: 'lexis-solutions~dice-fm' },
    ),
    mostItems: count('DICE_APIFY_MAX_ITEMS', 200, 2_000, 'how many rows a run may be charged for'),
    cities: list('DICE_CITIES', 'Dublin,Cork', 'cities with commas between them', [
      'Dublin',
      'Belfast',
      'Cork',
      'Galway',
      'Limerick',
    ]),
  },
};

export type SourceConfig = ConfigOf<typeof sourceSettings>;
