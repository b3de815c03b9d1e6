/** What says nothing of the music. */
const NOTHING = new Set(['undefined', 'other', 'music', 'miscellaneous', 'various']);
/** Names that sources have for ours, beside those that are the same. */
const OURS: Readonly<Record<string, string>> = {
  'dance/electronic': 'electronic',
  dance: 'electronic',
  edm: 'electronic',
  'hip-hop/rap': 'hip-hop',
  'hip hop / rap': 'hip-hop',
  'r&b': 'rnb',
  'r&b / soul': 'soul',
  'alternative rock': 'indie',
  alternative: 'indie',
  'heavy metal': 'metal',
  traditional: 'trad',
  'folk / indie / pop': 'folk',
};

/** A source's genre as a slug that our genres may have; undefined for what means nothing. */
export function genreSlugOf(name: string): string | undefined {
  const plain = name.trim().toLowerCase();
  if (NOTHING.has(plain)) return undefined;
  return (
    OURS[plain] ??
    (plain
      .replace(/&/g, 'and')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') ||
      undefined)
  );
}
