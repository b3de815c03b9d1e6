/** What a model may know of an event. Its names are keys: what is spelled alike is one feature. */
export interface EventFacts {
  readonly id: number;
  readonly startsAt: number;
  readonly announcedAt: number;
  readonly city: string;
  readonly venue: string | null;
  readonly artists: readonly string[];
  readonly genres: readonly string[];
  readonly families: readonly string[];
  /** In cents of a euro; 0 is free, null is not known. */
  readonly price: number | null;
}

/** What a person has chosen for themselves. */
export interface Choices {
  readonly genres: readonly string[];
  readonly cities: readonly string[];
  readonly artists: readonly string[];
  readonly venues: readonly string[];
}

/** How much each action says, from what people do on purpose to what they only look at. */
export const STRENGTHS = {
  save: 1,
  calendar: 0.8,
  up: 1,
  click: 0.25,
  hide: -1,
  down: -1,
  unsave: -0.3,
  unhide: 0.3,
} as const;

export type ActionKind = keyof typeof STRENGTHS;
export const ACTION_KINDS = Object.keys(STRENGTHS) as ActionKind[];

export interface Action {
  readonly user: number;
  readonly event: number;
  readonly kind: ActionKind;
  readonly at: number;
  /** Where in the list it stood, from 1, if it was shown by us. */
  readonly position?: number;
}

/** Everything that a model is trained on. */
export interface History {
  readonly events: readonly EventFacts[];
  readonly actions: Iterable<Action>;
  readonly choices: ReadonlyMap<number, Choices>;
}

/**
 * Who looks at the tenth line saw nine others first, so a click there says more; saves and hides are
 * as deliberate anywhere.
 */
export function strengthOf({ kind, position }: Pick<Action, 'kind' | 'position'>): number {
  const looked = kind === 'click' && position !== undefined;
  return STRENGTHS[kind] * (looked ? Math.min(3, Math.log2(position + 1)) : 1);
}

/** Spelled alike: without case, accents and double blanks. */
export const fold = (name: string) =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim().replace(/\s+/g, ' ');
