import { requestContext } from '../context.ts';

/** For a question of a service's own: the ids of the request that it belongs to, and nobody's name. */
export function ownHeaders(): Record<string, string> {
  const { requestId = '', traceparent } = requestContext.getStore() ?? {};
  return { 'x-request-id': requestId, ...(traceparent ? { traceparent } : {}) };
}
