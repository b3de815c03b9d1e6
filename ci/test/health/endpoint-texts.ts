interface IngressParts {
  readonly tls?: unknown;
  readonly annotations?: object;
  readonly balancer?: object;
  readonly rules?: readonly object[];
}

const row = (...cells: readonly string[]): string => `${cells.join('\x1f')}\x1e`;

/** An Ingress as jsonpath prints it: what is not there is nothing. */
export const ingressText = ({ tls, annotations, balancer = {}, rules }: IngressParts): string =>
  row(
    ...['Ingress', 'some-name', ''],
    tls ? JSON.stringify(tls) : '',
    annotations ? JSON.stringify(annotations) : '',
    JSON.stringify(balancer),
    rules ? JSON.stringify(rules) : '',
  );

/** A Service as jsonpath prints it. */
export const serviceText = (name: string, clusterIp: string): string =>
  row('Service', name, clusterIp, '', '', '{}', '');
