import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder with a short name: a socket's path has room for 107 bytes. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'wtc-'));
