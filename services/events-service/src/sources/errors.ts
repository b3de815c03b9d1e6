/** A source cannot be asked on: how long it is to be left alone, if it said so. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: 'SOURCE_BUSY' | 'SOURCE_REFUSES' | 'SOURCE_AWAY' | 'SOURCE_UNREADABLE';
  readonly retryAt: Date | undefined;
  readonly status: number | undefined;

  constructor(
    code: SourceError['code'],
    message: string,
    { retryAt, status, cause }: { retryAt?: Date; status?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.retryAt = retryAt;
    this.status = status;
  }
}

/** Neither a limit nor a refusal of our key: what was asked for may be to blame, and not the source. */
export const isNoRefusalOfKey = ({ code, status }: SourceError): boolean =>
  code !== 'SOURCE_BUSY' && status !== 401 && status !== 403;
