import type { AwsOptions } from './options.ts';

/** What `startAws` hands to the process, in a file that only its owner can read. */
export interface ServerFile {
  readonly options: Omit<AwsOptions, 'logCall' | 'timers'>;
  readonly port: number;
  readonly callLog: string;
  /** Written by the process as soon as it listens. */
  readonly readyFile: string;
}
