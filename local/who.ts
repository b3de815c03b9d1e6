import { hostname, userInfo } from 'node:os';

/** Who runs this, as others read it in a record. */
export const who = (): string => `${userInfo().username}@${hostname()}`;
