/** Everything that may be at one end of a connection of the platform, and what people call it. */
export const places = {
  aggregator: 'aggregator',
  'auth-service': 'auth-service',
  'events-service': 'events-service',
  'dj-service': 'dj-service',
  'venue-service': 'venue-service',
  'ml-service': 'ml-service',
  migrations: 'the Job of the migrations',
  training: 'the Job that trains',
  ingest: 'the ingestion of events',
  alerts: 'the search for alerts',
  probe: 'the pipeline’s probe',
  nameless: 'a pod that somebody starts in the namespace by hand',
  dns: 'CoreDNS in kube-system',
  traefik: 'Traefik in kube-system',
  scraper: 'a pod in the namespace monitoring',
  neighbour: 'another pod in kube-system',
  stranger: 'a pod in another namespace',
  twin: 'the aggregator of another environment',
  node: 'the node (kubelet, SSM, its own resolver)',
  database: 'a private address (the database)',
  beside: 'the machine beside make up’s node',
  internet: 'the internet',
  six: 'the internet by IPv6',
  metadata: 'the metadata address 169.254.169.254',
  special: 'loopback, link-local, shared and multicast addresses',
} as const;

export type Place = keyof typeof places;

export interface Flow {
  readonly from: readonly Place[];
  readonly to: readonly Place[];
  /** `http` and `metrics` are the asked service's own ports. */
  readonly port: 'http' | 'metrics' | number;
  readonly protocol?: 'UDP';
  readonly passes: boolean;
  /** In this overlay alone; in the others it does not pass. */
  readonly overlay?: 'local';
  readonly why: string;
}

export const withDatabase: readonly Place[] = [
  'auth-service',
  'events-service',
  'dj-service',
  'venue-service',
  'ml-service',
];
export const six: readonly Place[] = ['aggregator', ...withDatabase];
export const own: readonly Place[] = [
  ...six,
  'migrations',
  'training',
  'ingest',
  'alerts',
  'probe',
  'nameless',
];
export const outsidePods: readonly Place[] = ['neighbour', 'stranger', 'twin'];
const noWayOut: readonly Place[] = own.filter(
  (place) =>
    !['auth-service', 'events-service', 'dj-service', 'ingest', 'ml-service', 'training'].includes(
      place,
    ),
);

/**
 * Which connections must pass and which must not. What no row lets pass must not either; the rows
 * that refuse name what would hurt most.
 */
export const flows: readonly Flow[] = [
  {
    from: ['traefik'],
    to: ['aggregator', 'auth-service'],
    port: 'http',
    passes: true,
    why: 'the four hosts',
  },
  {
    from: ['aggregator'],
    to: withDatabase,
    port: 'http',
    passes: true,
    why: 'the public API asks the others',
  },
  {
    from: ['venue-service'],
    to: ['dj-service'],
    port: 'http',
    passes: true,
    why: 'the marketplace of organizers asks for DJs',
  },
  {
    from: ['events-service'],
    to: ['ml-service'],
    port: 'http',
    passes: true,
    why: 'a feed asks what was learned',
  },
  { from: own, to: ['dns'], port: 53, protocol: 'UDP', passes: true, why: 'names' },
  { from: own, to: ['dns'], port: 53, passes: true, why: 'names whose answer is long' },
  {
    from: [...withDatabase, 'migrations', 'training', 'ingest', 'alerts'],
    to: ['database', 'beside'],
    port: 3306,
    passes: true,
    why: 'MySQL, wherever the Secret says',
  },
  {
    from: ['events-service', 'ingest'],
    to: ['beside'],
    port: 4010,
    passes: true,
    overlay: 'local',
    why: 'what stands in for the paid APIs',
  },
  { from: ['ingest'], to: ['internet'], port: 443, passes: true, why: 'sources of events' },
  { from: ['events-service'], to: ['internet'], port: 443, passes: true, why: 'Spotify' },
  { from: ['dj-service'], to: ['internet'], port: 443, passes: true, why: 'exchange rates' },
  {
    from: ['ml-service', 'training'],
    to: ['internet'],
    port: 443,
    passes: true,
    why: 'models in a bucket, if one is set',
  },
  {
    from: ['auth-service'],
    to: ['internet'],
    port: 443,
    passes: true,
    why: 'Spotify, for who has linked an account there',
  },
  { from: ['auth-service'], to: ['internet'], port: 465, passes: true, why: 'mail, by TLS' },
  { from: ['auth-service'], to: ['internet'], port: 587, passes: true, why: 'mail, by STARTTLS' },
  { from: ['scraper'], to: six, port: 'metrics', passes: true, why: 'metrics' },
  { from: ['probe'], to: six, port: 'http', passes: true, why: 'health by each Service' },
  { from: ['probe'], to: ['traefik'], port: 8443, passes: true, why: 'health by each host' },
  {
    from: ['probe'],
    to: ['traefik'],
    port: 8000,
    passes: true,
    why: 'health by each host without TLS',
  },
  {
    from: ['node'],
    to: own,
    port: 'http',
    passes: true,
    why: 'probes of the kubelet; no policy can forbid it',
  },
  {
    from: own,
    to: ['node'],
    port: 53,
    protocol: 'UDP',
    passes: true,
    why: 'a resolver on the node, as make up has; no policy can forbid it',
  },
  {
    from: [...withDatabase, 'migrations', 'training', 'ingest', 'alerts'],
    to: ['dns', 'traefik', 'scraper', ...outsidePods],
    port: 3306,
    passes: true,
    why: 'k3s holds pods for private addresses too; none of these listens there',
  },

  {
    from: ['dj-service'],
    to: ['ml-service', 'auth-service', 'venue-service'],
    port: 'http',
    passes: false,
    why: 'services do not ask each other',
  },
  {
    from: ['internet', 'database'],
    to: six,
    port: 'http',
    passes: false,
    why: 'the one way in is Traefik',
  },
  {
    from: ['traefik'],
    to: ['events-service', 'dj-service', 'venue-service', 'ml-service'],
    port: 'http',
    passes: false,
    why: 'these have no host',
  },
  {
    from: ['traefik', 'internet', 'stranger'],
    to: six,
    port: 'metrics',
    passes: false,
    why: 'metrics are not public',
  },
  {
    from: outsidePods,
    to: six,
    port: 'http',
    passes: false,
    why: 'other namespaces have no business here',
  },
  {
    from: ['migrations', 'training', 'alerts'],
    to: six,
    port: 'http',
    passes: false,
    why: 'what runs beside the services asks none of them',
  },
  {
    from: ['nameless'],
    to: six,
    port: 'http',
    passes: false,
    why: 'a pod has only what its name is given',
  },
  {
    from: [...six, ...outsidePods],
    to: ['migrations', 'training', 'ingest', 'alerts', 'probe', 'nameless'],
    port: 22,
    passes: false,
    why: 'nobody asks them anything',
  },
  {
    from: noWayOut,
    to: ['internet'],
    port: 443,
    passes: false,
    why: 'no way to carry anything out',
  },
  {
    from: own,
    to: ['internet'],
    port: 53,
    protocol: 'UDP',
    passes: false,
    why: 'names come from the cluster alone',
  },
  {
    from: ['dj-service', 'events-service', 'ml-service', 'training'],
    to: ['internet'],
    port: 80,
    passes: false,
    why: 'sources and buckets speak HTTPS',
  },
  {
    from: ['auth-service'],
    to: ['internet'],
    port: 25,
    passes: false,
    why: 'mail goes to a provider, never from server to server',
  },
  {
    from: ['auth-service'],
    to: ['database', 'metadata', 'special'],
    port: 465,
    passes: false,
    why: 'a mail server is nothing of ours',
  },
  {
    from: own.filter((place) => place !== 'auth-service'),
    to: ['internet'],
    port: 587,
    passes: false,
    why: 'one service sends all mail',
  },
  {
    from: own,
    to: ['metadata'],
    port: 80,
    passes: false,
    why: 'it hands out the node’s rights in AWS',
  },
  {
    from: own,
    to: ['metadata', 'special'],
    port: 443,
    passes: false,
    why: 'the internet does not begin there',
  },
  { from: own, to: ['database'], port: 443, passes: false, why: 'nor in private networks' },
  {
    from: ['aggregator', 'probe', 'nameless'],
    to: ['database'],
    port: 3306,
    passes: false,
    why: 'they have no business with the database',
  },
];
