/** One call of kubectl, without the program's name and without `--namespace`. */
export interface KubectlCall {
  readonly args: readonly string[];
  /** Standard input, for `-f -`. */
  readonly input?: string;
  /** Seconds after which the call is killed where it runs; 30 unless told. */
  readonly timeoutSeconds?: number;
  /** Ends before the other calls of its round trip begin. */
  readonly leads?: boolean;
}

export interface KubectlOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls that change something: they run only behind a guard, and once, however often they arrive. */
export interface GuardedCalls {
  /** Names this text; one that arrives again is known by it. */
  readonly id: string;
  /** Writes a marker that bears the id where nobody else has written meanwhile, or is refused. */
  readonly guard: KubectlCall;
  /** Prints the marker, should the guard's own answer have been lost. */
  readonly marker: KubectlCall;
  /** Run one after the other, until one fails. */
  readonly calls: readonly KubectlCall[];
  /** Seconds after which none of the calls runs any more, counted from before the guard. */
  readonly withinSeconds: number;
  /** Run side by side after all of those. */
  readonly reads?: readonly KubectlCall[];
}

export interface GuardedOutput {
  /** Exit code 0 if the guard was passed; else nothing ran. */
  readonly guard: KubectlOutput;
  /** Of the calls that ran; after one that failed there are no others. */
  readonly outputs: readonly KubectlOutput[];
  readonly reads: readonly KubectlOutput[];
}

/** One question to a service about its health, from one vantage point. */
export type Probe =
  | {
      readonly via: 'pod';
      readonly service: string;
      readonly pod: string;
      readonly port: number;
      /** The pod's own address; empty while it has none. */
      readonly address: string;
    }
  | {
      readonly via: 'service';
      readonly service: string;
      readonly port: number;
      readonly address: string;
    }
  | {
      readonly via: 'ingress';
      readonly service: string;
      readonly host: string;
      /** Address of the ingress controller. */
      readonly address: string;
      readonly tls: boolean;
    };

export interface ProbeAnswer {
  readonly probe: Probe;
  /** Body of the answer; empty if there was none. */
  readonly body: string;
  /** What prevented an answer, in the asking tool's words. */
  readonly error?: string;
  /** The certificate of a host, where one was shown that cannot be trusted. */
  readonly certificate?: DoubtfulCertificate;
}

export interface DoubtfulCertificate {
  /** Why it is not trusted, in the asking tool's words. */
  readonly problem: string;
  /** The hosts that it is for; empty if nobody could look. */
  readonly names: readonly string[];
}

/**
 * Where a release goes. Everything else in the pipeline is the same for all targets.
 */
export interface Target {
  /** For people: which machine or cluster this is. */
  readonly description: string;
  /** Where all calls go that name no other namespace. */
  readonly namespace: string;
  /** Runs calls side by side where the cluster is, in one round trip. */
  kubectl(calls: readonly KubectlCall[]): Promise<KubectlOutput[]>;
  /**
   * Runs calls behind their guard, in one round trip. The same text may be sent again after a failure:
   * if it ran, its first answer comes back.
   */
  guarded(calls: GuardedCalls): Promise<GuardedOutput>;
  /** Asks `/health` of all, in one round trip. */
  probe(probes: readonly Probe[]): Promise<ProbeAnswer[]>;
}
