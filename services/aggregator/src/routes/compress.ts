import { constants } from 'node:zlib';
import compression from 'compression';
import type { RequestHandler } from 'express';

/** Below this a packet is a packet. */
const THRESHOLD_BYTES = 1_024;

/**
 * Compresses once, here: the services behind send as it is. Brotli at 4, since its default of 11 takes
 * 100 times as long. A tag of bytes that may go out compressed is a weak one (RFC 9110 §8.8.1).
 */
export function createCompression(): RequestHandler[] {
  const compress = compression({
    threshold: THRESHOLD_BYTES,
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  }) as RequestHandler;
  const weaken: RequestHandler = (req, res, next) => {
    // A compressed pipeline listens at more places than Node takes for a leak.
    res.setMaxListeners(20);
    if (/\b(?:gzip|br|deflate)\b/.test(req.headers['accept-encoding'] ?? '')) {
      const { setHeader } = res;
      res.setHeader = function setWeakTag(name, value) {
        const isTag = name.toLowerCase() === 'etag' && typeof value === 'string';
        return setHeader.call(this, name, isTag && value.startsWith('"') ? `W/${value}` : value);
      };
    }
    next();
  };
  return [compress, weaken];
}
