/** What a source was asked. */
export interface Call {
  readonly method: string;
  /** Below the source's own prefix, as the real host has it: `/discovery/v2/events.json`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes out as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Takes the place of one paid API: its paths, its limits, its errors, believable data. */
export interface StandIn {
  readonly name: string;
  answer(call: Call): Reply | Promise<Reply>;
}
