/** What says nothing of the music. */
const NOTHING = new Set([
  'undefined',
  'other',
  'music',
  'miscellaneous',
  'various',
  'gig',
  'dj',
  'party',
]);
/** Names that sources have for ours, beside those that are the same. A row may also say `constructor`. */
const OURS: ReadonlyMap<string, string> = new Map([
  ['dance/electronic', 'electronic'],
  ['dance', 'electronic'],
  ['edm', 'electronic'],
  ['edm / electronic', 'electronic'],
  ['electronica', 'electronic'],
  ['hip-hop/rap', 'hip-hop'],
  ['hip hop / rap', 'hip-hop'],
  ['r&b', 'rnb'],
  ['r&b / soul', 'soul'],
  ['alternative rock', 'indie'],
  ['alternative', 'indie'],
  ['heavy metal', 'metal'],
  ['traditional', 'trad'],
  ['folk / indie / pop', 'folk'],
]);

/** A source's genre as a slug that our genres may have; undefined for what means nothing. */
export function genreSlugOf(name: string): string | undefined {
  const plain = name.trim().toLowerCase();
  if (NOTHING.has(plain)) return undefined;
  return (
    OURS.get(plain) ??
    (plain
      .replace(/&/g, 'and')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') ||
      undefined)
  );
}
