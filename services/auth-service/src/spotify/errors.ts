import { Conflict, HttpError } from '@whatsthecraic/platform/errors';

/** This site lets nobody link an account of Spotify. */
export class SpotifyLinkingNotConfigured extends HttpError {
  override readonly name = 'SpotifyLinkingNotConfigured';

  constructor() {
    super(503, 'spotify_linking_not_configured', 'Accounts of Spotify cannot be linked here', {
      detail:
        'whoever runs this site: set SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET and SPOTIFY_TOKEN_KEYS, see docs/accounts.md',
    });
  }
}

export class SpotifyNotLinked extends Conflict {
  constructor() {
    super('spotify_not_linked', 'No account of Spotify is linked', {
      detail: 'link one first: POST /v1/auth/spotify/authorization',
    });
  }
}

export class SpotifyLinkBroken extends Conflict {
  constructor() {
    super('spotify_link_broken', 'Spotify no longer lets us ask for you', {
      detail: 'link the account once more: POST /v1/auth/spotify/authorization',
    });
  }
}

/** Spotify does not take a code or a refresh token: used, expired, or withdrawn by the person. */
export class GrantRefused extends Error {
  override readonly name = 'GrantRefused';
}

/** An access token opens nothing any more. */
export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
}
