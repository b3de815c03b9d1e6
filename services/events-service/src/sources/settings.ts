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

/** The keys of the sources; one without a key is left out. */
export const sourceSettings = {
  ticketmasterKey: key('TICKETMASTER_API_KEY', 'developer.ticketmaster.com'),
};

export type SourceConfig = ConfigOf<typeof sourceSettings>;
