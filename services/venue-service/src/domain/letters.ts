import type { TEMPLATES } from '../contract/contact-requests.ts';
import type { Plan } from '../contract/plans.ts';
import type { Kind } from '../contract/shortlist.ts';
import { euros } from './reasons.ts';

export interface Template {
  readonly id: (typeof TEMPLATES)[number];
  readonly title: string;
  readonly kinds: readonly Kind[];
  readonly text: string;
}

/** A line for which the plan has nothing is left out. */
export const templates: readonly Template[] = [
  {
    id: 'dj-booking',
    title: 'Ask a DJ for a night',
    kinds: ['dj'],
    text: `we plan “{plan}” and would like you to play.
When: {dates}
Where: {city}
People: {capacity}
Music: {genres}
Mood: {vibe}
There will be: {gear}
Budget: {budget}
Are you free, and what would you ask?`,
  },
  {
    id: 'venue-inquiry',
    title: 'Ask a venue for a night',
    kinds: ['venue'],
    text: `we plan “{plan}” and would like to hold it at yours.
When: {dates}
People: {capacity}
Music: {genres}
Mood: {vibe}
We need: {gear}
Is the house free, and on which terms?`,
  },
  {
    id: 'follow-up',
    title: 'Ask once more',
    kinds: ['dj', 'venue'],
    text: `we wrote to you about “{plan}” and have not heard from you.
When: {dates}
Is it of interest to you? A short word would help us either way.`,
  },
];

export function fillTemplate({ text }: Template, plan: Plan): string {
  const values = valuesOf(plan);
  const lines = text.split('\n').flatMap((line) => {
    const [, name] = /\{(\w+)\}/.exec(line) ?? [];
    if (name === undefined) return [line];
    const value = values[name];
    return value ? [line.replace(`{${name}}`, () => value)] : [];
  });
  return lines.join('\n');
}

const valuesOf = (plan: Plan): Readonly<Record<string, string | undefined>> => ({
  plan: plan.name,
  city: plan.city ?? undefined,
  dates: datesOf(plan),
  capacity: plan.capacity?.toString(),
  genres: plan.genres.join(', '),
  vibe: plan.vibeTags.join(', '),
  gear: plan.gearNeeds.join(', '),
  budget: plan.budgetMax === null ? undefined : `up to ${euros(plan.budgetMax)}`,
});

const clock = new Intl.DateTimeFormat('en-IE', {
  dateStyle: 'full',
  timeStyle: 'short',
  timeZone: 'Europe/Dublin',
});

const datesOf = ({ startsAt, endsAt }: Plan) =>
  startsAt && endsAt
    ? `${clock.format(new Date(startsAt))} to ${clock.format(new Date(endsAt))}`
    : undefined;
