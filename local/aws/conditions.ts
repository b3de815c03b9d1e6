/** What a test may change while the server runs. */
export interface Conditions {
  /** How long after SendCommand its invocation cannot be read yet. */
  consistencyMs: number;
  /** How far AWS's clock is ahead of this machine's. */
  clockSkewMs: number;
}

/** Reads a change of conditions told over the control endpoint. */
export function parseConditions(value: unknown): Partial<Conditions> {
  const given = Object.entries((value ?? {}) as Record<string, unknown>);
  for (const [name, one] of given) {
    if (name !== 'consistencyMs' && name !== 'clockSkewMs') {
      throw new TypeError(`condition ${name}: expected consistencyMs or clockSkewMs`);
    }
    if (!Number.isInteger(one))
      throw new TypeError(`condition ${name}: expected an integer, got ${one}`);
  }
  return Object.fromEntries(given);
}
