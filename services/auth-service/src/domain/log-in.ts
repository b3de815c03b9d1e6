import { hashPassword, verifyPassword } from '@whatsthecraic/platform/password';
import { InvalidCredentials } from '../errors.ts';
import type { Account, AccountStore } from '../store/accounts.ts';
import type { HashGate } from './hash-gate.ts';

export type LogIn = (email: string, password: string) => Promise<Account>;

/** Finds the account of these credentials; an unknown address costs what a known one costs. */
export function createLogIn(accounts: AccountStore, gate: HashGate): LogIn {
  let dummy: Promise<string> | undefined;

  return async function logIn(email, password) {
    const found = await accounts.findByEmail(normalizeEmail(email));
    const matches = await gate(async () => {
      dummy ??= hashPassword('nobody has this password');
      const hash = found?.passwordHash ?? (await dummy);
      return verifyPassword(hash, password);
    });
    if (!found || !matches) throw new InvalidCredentials();
    return found.account;
  };
}

/** Addresses are kept in this form, so that one person has one account. */
const normalizeEmail = (email: string) => email.normalize('NFC').toLowerCase();
