import { AwsError } from './errors.ts';

/** Collects what a call violates and tells it all at once, in the words of AWS. */
export class Constraints {
  readonly #code: string;
  readonly #violations: string[] = [];

  constructor(code = 'ValidationException') {
    this.#code = code;
  }

  required(member: string, value: unknown): this {
    return this.#check(value !== undefined, 'null', member, 'Member must not be null');
  }

  range(member: string, value: number | undefined, least: number, most: number): this {
    if (value === undefined) return this;
    this.#check(
      value >= least,
      value,
      member,
      `Member must have value greater than or equal to ${least}`,
    );
    return this.#check(
      value <= most,
      value,
      member,
      `Member must have value less than or equal to ${most}`,
    );
  }

  /** Length of a text or number of members of a list. */
  length(
    member: string,
    value: string | readonly unknown[] | undefined,
    least: number,
    most: number,
  ): this {
    if (value === undefined) return this;
    const shown = typeof value === 'string' ? value : `[${value.join(', ')}]`;
    this.#check(
      value.length >= least,
      shown,
      member,
      `Member must have length greater than or equal to ${least}`,
    );
    return this.#check(
      value.length <= most,
      shown,
      member,
      `Member must have length less than or equal to ${most}`,
    );
  }

  pattern(member: string, value: string | undefined, pattern: RegExp): this {
    const constraint = `Member must satisfy regular expression pattern: ${pattern.source}`;
    return this.#check(value === undefined || pattern.test(value), value, member, constraint);
  }

  oneOf(member: string, value: string | undefined, allowed: readonly string[]): this {
    const constraint = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
    return this.#check(value === undefined || allowed.includes(value), value, member, constraint);
  }

  throwIfAny(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    const title = `${count} validation error${count === 1 ? '' : 's'} detected`;
    throw new AwsError(this.#code, `${title}: ${this.#violations.join('; ')}`);
  }

  #check(holds: boolean, value: unknown, member: string, constraint: string): this {
    if (!holds) {
      this.#violations.push(
        `Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
      );
    }
    return this;
  }
}
