import type { Throttle } from '@whatsthecraic/platform/throttle';
import { InvalidCredentials } from '../errors.ts';
import type { Account, AccountStore } from '../store/accounts.ts';
import { loginCharges } from './limits.ts';
import type { Passwords } from './passwords.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly address: string;
}

export type LogIn = (credentials: Credentials) => Promise<Account>;

export interface LogInOptions {
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
}

/** Finds the account of these credentials; an unknown address costs what a known one costs. */
export function createLogIn({ accounts, passwords, throttle }: LogInOptions): LogIn {
  return async function logIn({ email, password, address }) {
    const charges = loginCharges(email, address);
    // Counted before it is tried: of a thousand guesses at once only the allowed ones are looked at.
    const [found] = await Promise.all([accounts.findByEmail(email), throttle.charge(charges)]);
    const matches = await passwords.check(found?.passwordHash, password);
    if (!found || !matches) throw new InvalidCredentials();
    const { account, passwordHash } = found;
    const renewed = await passwords.renew(passwordHash, password);
    if (renewed) await accounts.keepHash(account.id, renewed);
    await throttle.refund(charges);
    return account;
  };
}
