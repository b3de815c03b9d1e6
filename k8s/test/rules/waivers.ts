export interface Waiver {
  readonly rule: string;
  readonly reason: string;
}

/** Rules that all our objects break, knowingly. */
export const waivers: readonly Waiver[] = [
  {
    rule: 'two replicas at least',
    reason: 'One node of 2 GiB: the second replica is for load, and would not survive the node.',
  },
  {
    rule: 'spread over nodes',
    reason: 'There is one node.',
  },
];
