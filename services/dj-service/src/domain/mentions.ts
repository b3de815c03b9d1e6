/** The most words that a DJ's name has; a longer one is not found in a title. */
const MOST_WORDS = 4;
/** A shorter name ("DJ", "Ó") would be seen where nobody means it. */
const FEWEST_LETTERS = 4;

/** Every run of whole words of a text that a name could be, in its own spelling. */
export function possibleNames(text: string): string[] {
  const words =
    text.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+(?:[’'.&-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
  const runs = words.flatMap((_, start) =>
    Array.from({ length: MOST_WORDS }, (__, more) =>
      words.slice(start, start + more + 1).join(' '),
    ),
  );
  return [...new Set(runs)].filter((run) => run.length >= FEWEST_LETTERS);
}

/** Names compared as the database does: without case and fadas. */
const folded = (name: string) =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** Which of the DJs each text names. */
export function mentionsOf(texts: readonly string[], djs: readonly Named[]): Named[][] {
  const byName = Map.groupBy(djs, ({ name }) => folded(name));
  return texts.map((text) => {
    const found = possibleNames(text).flatMap((name) => byName.get(folded(name)) ?? []);
    return [...new Set(found)];
  });
}
