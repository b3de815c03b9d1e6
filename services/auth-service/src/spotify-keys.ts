import { readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { rootCause } from '@whatsthecraic/platform/errors';
import { createLog } from '@whatsthecraic/platform/log';
import { databaseSettings } from '@whatsthecraic/platform/settings';
import { reencryptTokens } from './spotify/reencrypt.ts';
import { createTokenBox } from './spotify/token-box.ts';
import { tokenKeys } from './spotify/token-keys.ts';

/** The command: puts all tokens of Spotify under the first of SPOTIFY_TOKEN_KEYS; ends with 1 when it cannot. */
try {
  const config = readConfig({ database: databaseSettings, tokenKeys });
  const [first, ...others] = config.tokenKeys ?? [];
  if (!first) throw new Error('SPOTIFY_TOKEN_KEYS is not set');
  const log = createLog({ service: 'spotify-keys', level: 'silent' });
  const database = openDatabase({ config: config.database, log, connections: 1 });
  try {
    const { done, unreadable } = await reencryptTokens(
      database,
      createTokenBox([first, ...others]),
    );
    console.log(`${done} put under the key ${first.id}`);
    if (unreadable.length > 0) {
      console.error(`not readable with these keys, of the users ${unreadable.join(', ')}`);
      process.exitCode = 1;
    }
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(`spotify-keys: ${rootCause(error)}`);
  process.exitCode = 1;
}
