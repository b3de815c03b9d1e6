/** An error as AWS answers it: the code travels as `__type`, the text as `message`. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What AWS answers when it failed itself; the SDK tries such a call again. */
export const internalError = () =>
  new AwsError('InternalServerError', 'An internal error occurred.', 500);

export const throttled = () => new AwsError('ThrottlingException', 'Rate exceeded');
