import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import { createTokens } from '@whatsthecraic/platform/tokens';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createHashGate } from './domain/hash-gate.ts';
import { createLogIn } from './domain/log-in.ts';
import { createHandlers } from './routes/handlers.ts';
import { createAccountStore } from './store/accounts.ts';

/** Accounts and access tokens. */
export function createAuthService(config: Config, overrides: Overrides = {}): Service {
  const tokens = createTokens(config.tokens.secret);
  return createDatabaseService({
    name: 'auth-service',
    description: 'Accounts and access tokens.',
    schema: 2,
    config,
    ...overrides,
    verifyToken: tokens.verify,
    routes: (database) => {
      const accounts = createAccountStore(database);
      const logIn = createLogIn(accounts, createHashGate());
      return bindRoutes(contract, createHandlers({ logIn, tokens, accounts }));
    },
  });
}
