import { createSecretKey, type KeyObject } from 'node:crypto';
import { Setting } from '@whatsthecraic/platform/config';
import { z } from 'zod';

/** A key for what Spotify has given us, and the name by which rows say that it was theirs. */
export interface TokenKey {
  readonly id: string;
  readonly key: KeyObject;
}

const ENTRY = /^([a-z0-9][a-z0-9-]{0,31}):([A-Za-z0-9+/]{43}=)$/;

/** `2026-11:<base64>,2026-01:<base64>`: the first one encrypts, all decrypt. */
function parseTokenKeys(text: string): readonly TokenKey[] | undefined {
  const keys = text.split(',').map((part) => {
    const [, id, base64] = ENTRY.exec(part.trim()) ?? [];
    return id && base64 ? { id, key: createSecretKey(base64, 'base64') } : undefined;
  });
  const known = keys.filter((key) => key !== undefined);
  const isWhole = known.length === keys.length;
  return isWhole && new Set(known.map(({ id }) => id)).size === known.length ? known : undefined;
}

/** Without it nobody can link an account of Spotify. */
export const tokenKeys = new Setting(
  'SPOTIFY_TOKEN_KEYS',
  z
    .string()
    .transform((text, context) => {
      const keys = parseTokenKeys(text);
      if (keys) return keys;
      context.addIssue('no list of keys');
      return z.NEVER;
    })
    .nullable()
    .default(null),
  {
    expected: 'names and keys of 32 bytes in base64, name:key, with commas between them',
    example: 'echo "$(date +%Y-%m):$(openssl rand -base64 32)"',
    secret: true,
  },
);
