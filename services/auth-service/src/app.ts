import type { Database } from '@whatsthecraic/platform/database';
import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import type { Log } from '@whatsthecraic/platform/log';
import { tellMail } from '@whatsthecraic/platform/mail/readiness';
import { mailJob } from '@whatsthecraic/platform/mail/sender';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import { createThrottle } from '@whatsthecraic/platform/throttle';
import { createTokens } from '@whatsthecraic/platform/tokens';
import type { Config } from './config.ts';
import { accounts as accountContract } from './contract/accounts.ts';
import { keys as keyContract } from './contract/keys.ts';
import { organizers as organizerContract } from './contract/organizers.ts';
import { preferencesContract } from './contract/preferences.ts';
import { sessions as sessionContract } from './contract/sessions.ts';
import { spotify as spotifyContract } from './contract/spotify.ts';
import { createAddresses } from './domain/addresses.ts';
import { createHashGate } from './domain/hash-gate.ts';
import { createLogIn } from './domain/log-in.ts';
import { createPasswordChanges } from './domain/password-changes.ts';
import { createPasswords } from './domain/passwords.ts';
import { createRoles } from './domain/roles.ts';
import { createSessions } from './domain/sessions.ts';
import { createSignUp } from './domain/sign-up.ts';
import { sweepJob } from './domain/sweep.ts';
import { createComposers } from './mail/composers.ts';
import { canMail, createDeliver } from './mail/deliver.ts';
import { accountHandlers } from './routes/account-handlers.ts';
import { organizerHandlers } from './routes/organizer-handlers.ts';
import { preferenceHandlers } from './routes/preference-handlers.ts';
import { sessionHandlers } from './routes/session-handlers.ts';
import { spotifyHandlers } from './routes/spotify-handlers.ts';
import { createSpotifySetup, type SpotifySetup } from './spotify/setup.ts';
import { spotifySyncJob } from './spotify/sync.ts';
import { createAccountStore } from './store/accounts.ts';
import { createSessionStore } from './store/sessions.ts';

/** Accounts and access tokens. */
export function createAuthService(config: Config, overrides: Overrides = {}): Service {
  const { now = Date.now } = overrides;
  const tokens = createTokens(config.tokens, now);
  let spotify: SpotifySetup | undefined;
  return createDatabaseService({
    name: 'auth-service',
    description: 'Accounts, sessions and access tokens.',
    schema: 22,
    config,
    ...overrides,
    tokens,
    without: canMail(config.mail) ? {} : { mail: 'SMTP_URL is not set' },
    routes(database, log, metrics) {
      const throttle = createThrottle(database, now);
      spotify = createSpotifySetup(config, database, log, metrics, now);
      const accounts = createAccountStore(database);
      const passwords = createPasswords(createHashGate());
      const store = createSessionStore(database, now);
      const common = {
        database,
        accounts,
        passwords,
        throttle,
        now,
        canMail: canMail(config.mail),
      };
      return [
        ...bindRoutes(
          sessionContract,
          sessionHandlers({
            logIn: createLogIn(common),
            sessions: createSessions({ store, tokens, log, now }),
            store,
            database,
            now,
          }),
        ),
        ...bindRoutes(
          accountContract,
          accountHandlers({
            ...common,
            signUp: createSignUp(common),
            addresses: createAddresses(common),
            passwords: createPasswordChanges(common),
          }),
        ),
        ...bindRoutes(
          organizerContract,
          organizerHandlers({ ...common, roles: createRoles(database, now) }),
        ),
        ...bindRoutes(preferencesContract, preferenceHandlers(database, now)),
        ...bindRoutes(
          spotifyContract,
          spotifyHandlers({
            ...{ database, throttle, setup: spotify, log, now },
            publicUrl: config.mail.publicUrl,
          }),
        ),
        ...bindRoutes(keyContract, { jwks: () => ({ keys: [...tokens.jwks.keys] }) }),
      ];
    },
    jobs: (database, log) => [
      ...jobs(config, database, log, now),
      ...(spotify ? [spotifySyncJob({ database, setup: spotify, log, now })] : []),
    ],
    close: async () => spotify?.close(),
  });
}

function jobs({ mail }: Config, database: Database, log: Log, now: () => number) {
  const deliver = createDeliver(mail, log);
  const composers = createComposers({ database, publicUrl: mail.publicUrl, now });
  return [
    sweepJob(database, now),
    {
      name: 'word on mail',
      everyMs: 5_000,
      run: () => tellMail(database, canMail(mail)),
    },
    ...(deliver ? [mailJob({ database, deliver, composers, log, now })] : []),
  ];
}
