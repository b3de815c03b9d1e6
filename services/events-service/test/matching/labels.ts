import { readFileSync } from 'node:fs';
import type { Position, SourceRecord } from '../../src/canonical/source-event.ts';
import { sourceEvent } from '../../src/canonical/source-event.ts';
import { momentAt } from '../../src/domain/venue-time.ts';
import { record } from '../helpers/source-events.ts';

/** A pair of rows, and whether a person who reads both takes them for one gig. */
export interface Labelled {
  readonly kind: string;
  readonly one: SourceRecord;
  readonly other: SourceRecord;
  readonly same: boolean;
}

/** Rows that somebody might take for each other: each inner list is one gig. */
export interface Situation {
  readonly kind: string;
  readonly gigs: readonly (readonly SourceRecord[])[];
}

/**
 * Reads `<name>.txt`. `#` names the kind, an empty line ends a situation, `~` stands between two gigs of
 * one. A row is `source | title | venue / city @latitude,longitude | time | acts; by; semicolon`: `-` is a
 * venue that is not known, a time without hours is a day, and `was` comes before the time that it had.
 */
export function readSituations(name: 'labelled' | 'held-out'): Situation[] {
  const text = readFileSync(new URL(`${name}.txt`, import.meta.url), 'utf8');
  let kind = '';
  return text
    .trim()
    .split('\n\n')
    .map((block) => {
      const [heading = '', ...rest] = block.split('\n');
      const named = heading.startsWith('# ');
      if (named) kind = heading.slice(2);
      const gigs = (named ? rest : [heading, ...rest])
        .join('\n')
        .split('\n~\n')
        .map((gig) => gig.split('\n').map(readRow));
      return { kind, gigs };
    });
}

export const pairsOf = ({ kind, gigs }: Situation): Labelled[] => {
  const rows = gigs.flatMap((gig, number) => gig.map((row) => ({ row, number })));
  return rows.flatMap(({ row: one, number }, index) =>
    rows
      .slice(index + 1)
      .map(({ row: other, number: theirs }) => ({ kind, one, other, same: number === theirs })),
  );
};

const ROW =
  /^(?<source>\w+) \| (?<title>.+) \| (?<venue>.+) \/ (?<city>[^@|]+?)(?: @(?<at>[-\d.,]+))? \| (?<time>[^|]+?)(?: was (?<former>[^|]+?))? \|(?<acts>[^|]*)$/;

function readRow(line: string): SourceRecord {
  const { groups } = ROW.exec(line) ?? {};
  if (!groups) throw new Error(`no row: ${line}`);
  const { source, title = '', venue = '', city = '', at, time = '', former, acts = '' } = groups;
  return record({
    source: sourceEvent.shape.source.parse(source),
    title,
    city,
    venue: venue === '-' ? null : { name: venue, position: positionOf(at) },
    startsAt: momentOf(time),
    hasTime: time.includes(' '),
    formerStartsAt: former === undefined ? null : momentOf(former),
    artists: acts.split(';').flatMap((act) => act.trim() || []),
  });
}

const momentOf = (text: string) => momentAt(text.slice(0, 10), text.slice(11) || '00:00');

function positionOf(text: string | undefined): Position | null {
  const [latitude, longitude] = (text ?? '').split(',').map(Number);
  return latitude && longitude ? { latitude, longitude } : null;
}
