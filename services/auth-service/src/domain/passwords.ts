import { hashPassword, needsRehash, verifyPassword } from '@whatsthecraic/platform/password';
import { PasswordTooCommon } from '../errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import type { HashGate } from './hash-gate.ts';

export interface Passwords {
  /** The hash of a password that is being set; `field` names it to whoever chose a bad one. */
  hash(password: string, field: string): Promise<string>;
  /** Whether it is right; without a hash it is wrong, and takes as long. */
  check(hash: string | undefined, password: string): Promise<boolean>;
  /** The hash anew, when it was made at another cost than now. */
  renew(hash: string, password: string): Promise<string | undefined>;
}

export function createPasswords(gate: HashGate): Passwords {
  let dummy: Promise<string> | undefined;
  return {
    async hash(password, field) {
      if (isCommonPassword(password)) throw new PasswordTooCommon(field);
      return gate(() => hashPassword(password));
    },
    check: (hash, password) =>
      gate(async () => {
        dummy ??= hashPassword('nobody has this password');
        const matches = await verifyPassword(hash ?? (await dummy), password);
        return hash !== undefined && matches;
      }),
    renew: async (hash, password) =>
      needsRehash(hash) ? gate(() => hashPassword(password)) : undefined,
  };
}
