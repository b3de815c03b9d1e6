import { HttpError, Unavailable } from '../errors.ts';

/** Spotify has asked to be left alone for a while. */
export class SpotifyPaused extends Unavailable {
  readonly leftMs: number;

  constructor(leftMs: number) {
    const seconds = Math.max(1, Math.ceil(leftMs / 1_000));
    super('spotify_paused', 'Spotify may not be asked now', {
      detail: `Spotify takes no more questions for now; try again in ${seconds} s`,
      retryAfterSeconds: seconds,
    });
    this.leftMs = leftMs;
  }
}

/** This platform has no account with Spotify. */
export class SpotifyNotConfigured extends HttpError {
  constructor() {
    super(503, 'spotify_not_configured', 'Spotify is not set up here', {
      detail:
        'whoever runs this site: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, both from https://developer.spotify.com/dashboard',
    });
  }
}

/** Spotify does not know the platform's credentials. Never a 401: the caller's own login is good. */
export class SpotifyRefusesUs extends Unavailable {
  constructor() {
    super('spotify_refuses_us', 'Spotify does not accept this site’s credentials', {
      detail:
        'whoever runs this site: check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET at https://developer.spotify.com/dashboard',
      retryAfterSeconds: 60,
    });
  }
}

/** Spotify has withdrawn what was asked for. */
export class SpotifyWithdrawn extends HttpError {
  constructor(endpoint: string) {
    super(503, 'spotify_withdrawn', 'Spotify no longer offers this', {
      detail: `Spotify has closed its ${endpoint} to this site`,
    });
  }
}
