import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import type { Endpoint } from './endpoint.ts';
import { endpointsOf } from './endpoints.ts';
import { type Flow, flows, type Place, places } from './flows.ts';
import { type Connection, isAllowed, mayEnter, mayLeave } from './is-allowed.ts';
import type { NetworkPolicy } from './network-policy.ts';

interface Named extends Connection {
  readonly fromPlace: Place;
  readonly toPlace: Place;
}

/**
 * Gives a function that says where an overlay's policies differ from the table, one line each: in a row
 * of it, or by letting something pass between two places, on any port that the table speaks of, which
 * no row lets pass.
 */
export function flowCheck(
  overlay: string,
  objects: readonly KubernetesObject[],
): (policies: readonly NetworkPolicy[]) => readonly string[] {
  const ends = endpointsOf(objects);
  const namespace = objects.find(({ kind }) => kind === 'Namespace')?.metadata.name ?? '';
  const own = flows.filter((flow) => (flow.overlay ?? overlay) === overlay);
  const told = own.flatMap((flow) => {
    const connections = connectionsOf(flow, ends);
    if (connections.length === 0) throw new Error(`no such connection: ${flow.why}`);
    return connections.map((connection) => ({ connection, passes: flow.passes }));
  });
  const passing = new Set(
    told.filter(({ passes }) => passes).map(({ connection }) => describe(connection)),
  );
  const untold = every(ends).filter((connection) => !passing.has(describe(connection)));
  return (policies) => {
    const refused = told
      .filter(({ connection, passes }) => passes && !isAllowed(policies, connection))
      .map(({ connection }) => `${describe(connection)} is refused`);
    const passed = [
      ...told
        .filter(({ connection, passes }) => !passes && isAllowed(policies, connection))
        .map(({ connection }) => connection),
      ...untold.filter((connection) => isOpen(policies, connection, namespace)),
    ].map((connection) => `${describe(connection)} passes`);
    return [...new Set([...refused, ...passed])];
  };
}

type Ends = ReturnType<typeof endpointsOf>;

const connectionsOf = (flow: Flow, ends: Ends): readonly Named[] =>
  flow.from.flatMap((from) =>
    flow.to.flatMap((to) =>
      between(ends, from, to, (end) => {
        const port = typeof flow.port === 'number' ? flow.port : namedPorts(end)[flow.port];
        return port === undefined ? [] : [{ port, protocol: flow.protocol ?? 'TCP' }];
      }),
    ),
  );

/** Every pair of places on every port that the table names, or that the asked end has. */
function every(ends: Ends): readonly Named[] {
  const all = Object.keys(places) as Place[];
  const told = new Map(
    flows.flatMap(({ port, protocol = 'TCP' as const }) =>
      typeof port === 'number' ? [[`${protocol} ${port}`, { port, protocol }] as const] : [],
    ),
  );
  const portsOf = (end: Endpoint) => [
    ...told.values(),
    ...Object.values(namedPorts(end)).map((port) => ({ port, protocol: 'TCP' as const })),
  ];
  return all.flatMap((from) => all.flatMap((to) => between(ends, from, to, portsOf)));
}

const between = (
  ends: Ends,
  fromPlace: Place,
  toPlace: Place,
  portsOf: (to: Endpoint) => readonly Pick<Connection, 'port' | 'protocol'>[],
): readonly Named[] =>
  ends[fromPlace].flatMap((from) =>
    ends[toPlace].flatMap((to) =>
      portsOf(to).map((port) => ({ fromPlace, toPlace, from, to, ...port })),
    ),
  );

const namedPorts = (end: Endpoint): Readonly<Record<string, number>> =>
  end.is === 'pod' ? end.ports : {};

/**
 * Whether one end alone would let it pass: between two pods of ours both have to refuse, so that a
 * rule which is too wide at one end is no secret of the other. Only the database's port is open
 * towards all private addresses, and pods have such.
 */
function isOpen(policies: readonly NetworkPolicy[], connection: Named, namespace: string): boolean {
  const { from, to, port } = connection;
  if (from === to || from.is === 'node' || to.is === 'node') return false;
  const isOwn = (end: Endpoint) => end.is === 'pod' && end.namespace === namespace;
  const opinions = [
    ...(isOwn(from) ? [mayLeave(policies, connection)] : []),
    ...(isOwn(to) ? [mayEnter(policies, connection)] : []),
  ];
  if (opinions.length === 0) return false;
  return port === 3306 ? opinions.every(Boolean) : opinions.some(Boolean);
}

const describe = ({ fromPlace, toPlace, port, protocol }: Named): string =>
  `${places[fromPlace]} → ${places[toPlace]}, ${protocol} ${port}`;
