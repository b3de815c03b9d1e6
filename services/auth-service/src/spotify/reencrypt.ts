import type { Database } from '@whatsthecraic/platform/database';
import { findOtherKeys, replaceTokens, type StoredTokens } from '../store/spotify-links.ts';
import type { TokenBox, UserTokens } from './token-box.ts';

export interface Reencrypted {
  readonly done: number;
  /** Numbers of users whose tokens none of the keys opens. */
  readonly unreadable: readonly number[];
}

/** Puts all tokens under the present key; whoever uses them meanwhile is not disturbed. */
export async function reencryptTokens(database: Database, box: TokenBox): Promise<Reencrypted> {
  const unreadable: number[] = [];
  let done = 0;
  for (let after = 0; ; ) {
    const found = await findOtherKeys(database, box.currentKeyId, after);
    if (found.length === 0) return { done, unreadable };
    for (const row of found) {
      after = row.userId;
      const tokens = openIfPossible(box, row);
      if (!tokens) unreadable.push(row.userId);
      else if (await replaceTokens(database, row, box.seal(tokens, row))) done += 1;
    }
  }
}

function openIfPossible(box: TokenBox, row: StoredTokens): UserTokens | undefined {
  try {
    return box.open({ keyId: row.keyId, bytes: row.tokens }, row);
  } catch {
    return undefined;
  }
}
