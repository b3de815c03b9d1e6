import type { KubectlCall, KubectlOutput } from '../target/target.ts';

/** Seconds after which a holder who does not renew counts as dead. */
export const leaseSeconds = 60;

/**
 * Seconds in which a change has to be over once its guard is sent. The guard renews the Lease, so that
 * nobody else can take it before that, even if whoever sent the change died behind it.
 */
export const changeSeconds = 50;

/** The one Lease of a namespace: who holds it may change what the namespace runs. */
const name = 'whatsthecraic-release';

const notes = {
  by: 'whatsthecraic.run.place/by',
  step: 'whatsthecraic.run.place/step',
  marker: 'whatsthecraic.run.place/marker',
} as const;

/** A Lease as somebody saw it. */
export interface Lease {
  /** Changes with every write. */
  readonly version: string;
  /** Grows by one whenever somebody takes the Lease: the one who took it is known by it. */
  readonly generation: number;
  /** Id of the release that is under way; empty if nobody holds it. */
  readonly holder: string;
  readonly by: string;
  /** When it was taken, by the holder's own clock; for people. */
  readonly since: string;
  readonly step: string;
  /** Id of the text whose guard was passed last. */
  readonly marker: string;
}

const path = (namespace: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

// Raw calls cost one request each: kubectl asks for no list of APIs before them.

/** Prints the Lease. */
export const readCall = (namespace: string): KubectlCall => ({
  args: ['get', '--raw', `${path(namespace)}/${name}`],
  timeoutSeconds: 10,
});

/** Writes the Lease if it is still at the version that it has here; an empty one makes it. */
export function writeCall(namespace: string, lease: Lease, now: Date): KubectlCall {
  const where = path(namespace);
  const to =
    lease.version === '' ? ['create', '--raw', where] : ['replace', '--raw', `${where}/${name}`];
  return {
    args: [...to, '--filename=-'],
    input: JSON.stringify(leaseObject(namespace, lease, now)),
    timeoutSeconds: 15,
  };
}

/** Gives the Lease back if it is still held by the one who took it as this generation. */
export function giveBackCall({ generation }: Lease): KubectlCall {
  const patch = [
    { op: 'test', path: '/spec/leaseTransitions', value: generation },
    { op: 'remove', path: '/spec/holderIdentity' },
  ];
  return {
    args: ['patch', 'lease', name, '--type=json', `--patch=${JSON.stringify(patch)}`, '-o', 'name'],
    timeoutSeconds: 15,
  };
}

function leaseObject(namespace: string, lease: Lease, now: Date): object {
  const { version, generation, holder, by, since, step, marker } = lease;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace,
      ...(version === '' ? {} : { resourceVersion: version }),
      labels: { 'app.kubernetes.io/managed-by': 'whatsthecraic-pipeline' },
      annotations: { [notes.by]: by, [notes.step]: step, [notes.marker]: marker },
    },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: leaseSeconds,
      leaseTransitions: generation,
      acquireTime: micro(new Date(since)),
      renewTime: micro(now),
    },
  };
}

/** Kubernetes' MicroTime has six digits and takes no fewer. */
const micro = (time: Date): string => time.toISOString().replace('Z', '000Z');

interface LeaseJson {
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseTransitions?: number;
    readonly acquireTime?: string;
  };
}

/** Reads a Lease as kubectl prints it. */
export function parseLease({ stdout }: Pick<KubectlOutput, 'stdout'>): Lease {
  const { metadata, spec } = JSON.parse(stdout) as LeaseJson;
  const annotations = metadata?.annotations ?? {};
  return {
    version: metadata?.resourceVersion ?? '',
    generation: spec?.leaseTransitions ?? 0,
    holder: spec?.holderIdentity ?? '',
    by: annotations[notes.by] ?? '',
    since: (spec?.acquireTime ?? '').replace(/\.\d+Z$/, 'Z'),
    step: annotations[notes.step] ?? '',
    marker: annotations[notes.marker] ?? '',
  };
}

/** A Lease that is not there yet. */
export const noLease: Lease = {
  ...{ version: '', generation: 0, holder: '', by: '', since: '', step: '', marker: '' },
};
