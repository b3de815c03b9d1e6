import type { Handlers } from '@whatsthecraic/platform/route';
import { TOKEN_LIFE_SECONDS, type Tokens } from '@whatsthecraic/platform/tokens';
import type { contract } from '../contract.ts';
import type { LogIn } from '../domain/log-in.ts';
import { AccountGone } from '../errors.ts';
import type { AccountStore } from '../store/accounts.ts';

export interface Parts {
  readonly logIn: LogIn;
  readonly tokens: Tokens;
  readonly accounts: AccountStore;
}

export const createHandlers = ({ logIn, tokens, accounts }: Parts): Handlers<typeof contract> => ({
  async login({ body }) {
    const user = await logIn(body.email, body.password);
    const token = tokens.sign(user);
    return { token, tokenType: 'Bearer', expiresIn: TOKEN_LIFE_SECONDS, user };
  },
  async me({ caller }) {
    const account = await accounts.findById(caller.id);
    if (!account) throw new AccountGone();
    return account;
  },
});
