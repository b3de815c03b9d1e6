import { requestContext } from '@whatsthecraic/platform/context';
import { requestHeaders } from './headers.ts';

/** For a question of the gateway's own: the ids of the request that it belongs to, and nobody's name. */
export function ownHeaders(): Record<string, string> {
  const context = requestContext.getStore();
  return requestHeaders(
    {},
    {
      requestId: context?.requestId ?? '',
      traceparent: context?.traceparent,
      address: undefined,
      withAuthorization: false,
    },
  );
}
