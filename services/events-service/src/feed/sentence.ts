import type { Reason } from './rank.ts';

const NIGHTS: Readonly<Record<string, string>> = {
  ...{ mon: 'Mondays', tue: 'Tuesdays', wed: 'Wednesdays', thu: 'Thursdays' },
  ...{ fri: 'Fridays', sat: 'Saturdays', sun: 'Sundays' },
};

/** A reason as people read it; it claims no more than the reason does. */
export function sentenceOf({ type, name, because }: Reason): string {
  if (type === 'recommended') return name;
  if (type === 'budget') return `It costs ${name}, which is within your budget`;
  const what = type === 'night' ? (NIGHTS[name] ?? name) : name;
  switch (because) {
    case 'followed':
      return `You follow ${what}`;
    case 'chosen':
      return type === 'night' ? `You go out on ${what}` : `You chose ${what}`;
    case 'saved':
      return type === 'venue' ? `You saved gigs at ${what}` : `You saved gigs of ${what}`;
    default:
      return `You listen to ${what}`;
  }
}
