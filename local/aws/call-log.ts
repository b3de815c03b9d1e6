import { appendFile } from 'node:fs';

/** One API call; nothing of what was asked or answered but names, so that no secret can be in it. */
export interface CallRecord {
  readonly time: string;
  readonly action: string;
  readonly requestId: string;
  readonly accessKeyId: string | null;
  readonly status: number;
  readonly error: string | null;
  readonly fault: string | null;
  readonly commandId: string | null;
  readonly milliseconds: number;
}

/** Appends each call as a line of JSON. A log that cannot be written does not stop the server. */
export function callLog(file: string): (record: CallRecord) => void {
  return (record) => {
    appendFile(file, `${JSON.stringify(record)}\n`, { mode: 0o600 }, () => {});
  };
}
