import { Setting } from '@whatsthecraic/platform/config';
import { Secret } from '@whatsthecraic/platform/secret';
import { databaseSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';

/** What `migrate` reads: the services' own database, and perhaps a user with more rights there. */
export const settings = {
  database: databaseSettings,
  migrateUser: new Setting('DB_MIGRATE_USER', z.string().optional(), {
    expected: 'the name of a user who may change the schema; DB_USER unless set',
    example: 'whatsthecraic_migrate',
  }),
  migratePassword: new Setting(
    'DB_MIGRATE_PASSWORD',
    z
      .string()
      .transform((text) => new Secret(text))
      .optional(),
    {
      expected: 'the password of DB_MIGRATE_USER',
      example: 'openssl rand -base64 24',
      secret: true,
    },
  ),
};
