/** What a program calls what went wrong, in words or as pino's levels of a line of JSON. */
const isError =
  /"level":(?:50|60|"error"|"fatal")|\b(?:error|fatal|exception|panic|fail(?:ed|ure)?)\b/i;

/** Characters of one line that are shown; a stack in one line of JSON is still readable. */
export const lineLength = 600;

/** The first line that tells of an error. */
export const firstError = (lines: readonly string[]): string | undefined =>
  lines.find((line) => isError.test(line));

const bytes = (line: string): number => Buffer.byteLength(line, 'utf8') + 1;

/**
 * Lines of a log within a budget of bytes: how it began, its first error and how it ended, and
 * between them how many lines are left out.
 */
export function trimLog(text: string, budget: number): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.length > lineLength ? `${line.slice(0, lineLength - 1)}…` : line));
  if (lines.reduce((sum, line) => sum + bytes(line), 0) <= budget) return lines;
  const error = lines.findIndex((line) => isError.test(line));
  const kept = new Set<number>();
  let left = budget - 2 * bytes('… 1000000 lines left out …');
  const take = (index: number): boolean => {
    if (kept.has(index)) return true;
    const size = bytes(lines[index] ?? '');
    if (size > left) return false;
    left -= size;
    kept.add(index);
    return true;
  };
  if (error >= 0) take(error);
  const head = left / 4;
  for (let at = 0; at < lines.length && left > head * 3; at += 1) if (!take(at)) break;
  for (let at = lines.length - 1; at >= 0; at -= 1) if (!take(at)) break;
  return withGaps(lines, kept);
}

function withGaps(lines: readonly string[], kept: ReadonlySet<number>): string[] {
  const shown: string[] = [];
  let missing = 0;
  const close = () => {
    if (missing > 0) shown.push(`… ${missing} line${missing === 1 ? '' : 's'} left out …`);
    missing = 0;
  };
  for (const [index, line] of lines.entries()) {
    if (!kept.has(index)) {
      missing += 1;
      continue;
    }
    close();
    shown.push(line);
  }
  close();
  return shown;
}
