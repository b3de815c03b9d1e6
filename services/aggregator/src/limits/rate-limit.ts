import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { RateLimited } from '../errors.ts';
import { isOwnNetwork } from './own-network.ts';
import type { VerifiedUsers } from './verified-users.ts';

const WINDOW_MS = 60_000;

export interface RateLimitOptions {
  /** Requests a minute of one address or one user, in each replica; 0 for no limit. */
  readonly perMinute: number;
  readonly users: VerifiedUsers;
}

/** Counts each request for its user where a service has vouched for the token, else for its address. */
export function createRateLimit({ perMinute, users }: RateLimitOptions): RequestHandler {
  if (perMinute === 0) return (_req, _res, next) => next();
  const userOf = (req: Request) => users.userOf(req.headers.authorization);
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'requests-a-minute',
    skip: (req) => userOf(req) === undefined && isOwnNetwork(req.ip ?? ''),
    keyGenerator(req) {
      const user = userOf(req);
      return user === undefined ? `address ${ipKeyGenerator(req.ip ?? '', 56)}` : `user ${user}`;
    },
    handler(req, _res, next) {
      const { resetTime } = (req as Request & { rateLimit: { resetTime?: Date } }).rateLimit;
      const ms = (resetTime?.getTime() ?? Date.now() + WINDOW_MS) - Date.now();
      next(new RateLimited(perMinute, Math.max(1, Math.ceil(ms / 1_000))));
    },
    // It would warn of hops that `trust proxy` of ours leaves out on purpose.
    validate: false,
  });
}
