/** What the next calls of a source meet. */
export interface Fault {
  /** A source's name; without it any source. */
  readonly source?: string;
  /** Only calls whose path contains this. */
  readonly path?: string;
  readonly kind: (typeof KINDS)[number];
  /** How many calls meet it. */
  readonly times: number;
  /** For `status`. */
  readonly status?: number;
  /** For `status`: the header, in seconds or as a date. */
  readonly retryAfter?: string | number;
  readonly body?: unknown;
  /** For `slow`. */
  readonly ms?: number;
}

/**
 * `status` answers with one, `garbage` with a page that is no JSON, `cut` breaks off in the middle,
 * `late-cut` does what it is asked and breaks off then, `slow` waits first, `silent` never answers, `huge` sends 32 MiB.
 */
const KINDS = ['status', 'garbage', 'cut', 'late-cut', 'slow', 'silent', 'huge'] as const;

/** The faults that are still to come, each used up by what meets it, oldest first. */
export class Faults {
  #waiting: Fault[] = [];

  add(fault: Omit<Fault, 'times'> & { readonly times?: number }): void {
    if (!KINDS.includes(fault.kind)) {
      throw new TypeError(`fault: expected a kind of ${KINDS.join(', ')}, got ${fault.kind}`);
    }
    this.#waiting.push({ times: 1, ...fault });
  }

  clear(): void {
    this.#waiting = [];
  }

  take(source: string, path: string): Fault | undefined {
    const found = this.#waiting.find(
      (fault) => (fault.source ?? source) === source && path.includes(fault.path ?? ''),
    );
    if (!found) return undefined;
    const left = found.times > 1 ? [{ ...found, times: found.times - 1 }] : [];
    this.#waiting = this.#waiting.flatMap((fault) => (fault === found ? left : [fault]));
    return found;
  }
}
