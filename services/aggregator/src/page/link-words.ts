import type { LinkOutcome } from '@whatsthecraic/auth-service/contract';

/** What a person is told who comes back from Spotify, by how it ended; none of them has lost anything. */
const words: Readonly<Record<LinkOutcome, string>> = {
  linked: 'Your account of Spotify is linked. What you love there is fetched in a moment.',
  access_denied: 'You did not agree at Spotify, so nothing was linked.',
  code_refused: 'Spotify did not stand by its answer, so nothing was linked. Link it once more.',
  link_withdrawn: 'You took the link off meanwhile, so nothing was linked.',
  not_set_up: 'Accounts of Spotify cannot be linked on this site.',
  other_account_linked:
    'Another account of Spotify is linked to yours already, and stays so. Take it off first, then link this one.',
  other_browser:
    'This began in another browser, so nothing was linked. Begin and end it in one and the same.',
  session_ended:
    'You were logged out meanwhile, so nothing was linked. Log in, and link it once more.',
  site_away: 'Something of ours is away, so nothing was linked. Link it once more in a minute.',
  spotify_account_taken:
    'This account of Spotify is linked to another account of ours, and stays so. Take it off there first.',
  spotify_away:
    'Spotify does not answer well just now, so nothing was linked. Link it once more in a minute.',
  spotify_refuses: 'Spotify did not let us ask for you, so nothing was linked.',
  spotify_user_not_allowed:
    'Spotify lets only a few chosen people use this site’s app so far, and you are not among them. Nothing was linked.',
  state_expired: 'This took more than ten minutes, so nothing was linked. Link it once more.',
  state_unknown: 'This address does not come from a link that you began here. Nothing was linked.',
  state_used: 'This answer of Spotify was used already. Look at your account whether it is linked.',
};

/** In words for a person; `undefined` for a code that we never gave out. */
export const linkWords = (code: string): string | undefined =>
  Object.hasOwn(words, code) ? words[code as LinkOutcome] : undefined;
