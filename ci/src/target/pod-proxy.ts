/** Path by which the API server passes a request on to a pod's `/health`. */
export const podProxyPath = (
  namespace: string,
  pod: string,
  port: number,
  path = 'health',
): string => `/api/v1/namespaces/${namespace}/pods/http:${pod}:${port}/proxy/${path}`;
