/** Somebody with an account at Spotify. */
export interface Listener {
  readonly id: string;
  readonly name: string;
  /** Names of those whom they hear most, the most loved first. */
  tops: readonly string[];
}

/** Whoever may be chosen on the page that asks for permission. */
export const createListeners = (acts: readonly string[]): readonly Listener[] => [
  { id: 'aoife-listens', name: 'Aoife', tops: acts.filter((_, index) => index % 3 === 0) },
  { id: 'seán.11', name: 'Seán', tops: acts.filter((_, index) => index % 3 === 1) },
  { id: 'new-to-this', name: 'New to this', tops: [] },
];
