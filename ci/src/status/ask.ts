import type { Clock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import { type Finding, judgeAnswer } from '../health/identity.ts';
import { type Endpoints, findEndpoints, probesFor } from '../health/vantage-points.ts';
import { type Lease, readCall } from '../release/lease.ts';
import { readLease } from '../release/lease-calls.ts';
import type { ReleaseRecord } from '../release/record.ts';
import { readRecords } from '../release/records.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import { services } from '../services.ts';
import { batched } from '../target/batched.ts';
import type { Probe, Target } from '../target/target.ts';
import { type Autoscaler, readAutoscalers } from './autoscalers.ts';
import { type Node, readNodes } from './nodes.ts';
import { type Asked, readResources } from './resources.ts';
import { type PodUse, readUse, type UseOfNode } from './use.ts';

/** All that one look at a platform gives; what could not be asked is absent, and `notAsked` says why. */
export interface Look {
  readonly at: Date;
  readonly snapshot: Snapshot;
  readonly records?: readonly ReleaseRecord[];
  readonly lease?: Lease;
  /** When its holder last wrote it, by the holder's own clock. */
  readonly renewedAt?: Date;
  readonly endpoints?: Endpoints;
  readonly resources?: ReadonlyMap<string, Asked>;
  readonly autoscalers?: readonly Autoscaler[];
  readonly nodes?: readonly Node[];
  readonly use?: {
    readonly pods: ReadonlyMap<string, PodUse>;
    readonly nodes: readonly UseOfNode[];
  };
  /** What each pod said of its health. */
  readonly findings?: readonly Finding[];
  readonly notAsked: readonly { readonly what: string; readonly why: string }[];
}

/**
 * Looks at all of the platform in two round trips: first the objects, then what pods say and use.
 * Throws only if the cluster does not answer at all.
 */
export async function look(target: Target, clock: Clock): Promise<Look> {
  const notAsked: { what: string; why: string }[] = [];
  const attempt = async <T>(what: string, asked: Promise<T>): Promise<T | undefined> => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      notAsked.push({ what, why: error.summary });
      return undefined;
    }
  };
  const together = batched(target);
  const [snapshot, records, held, endpoints, resources, autoscalers, nodes] = await Promise.all([
    takeSnapshot(together),
    attempt('the records of releases', readRecords(together)),
    attempt('whether a release is under way', readHeld(together)),
    attempt('Services and Ingresses', findEndpoints(together)),
    attempt('requests and limits', readResources(together)),
    attempt('autoscalers', readAutoscalers(together)),
    attempt('nodes', readNodes(together)),
  ]);
  const probes = services.flatMap((service) => probesFor(service, snapshot, nowhere));
  const [use, findings] = await Promise.all([
    nodes && attempt('what pods and nodes use', readUse(target, nodes)),
    attempt('the pods’ health', askPods(target, probes)),
  ]);
  return {
    at: clock.now(),
    snapshot,
    ...(records ? { records } : {}),
    ...held,
    ...(endpoints ? { endpoints } : {}),
    ...(resources ? { resources } : {}),
    ...(autoscalers ? { autoscalers } : {}),
    ...(nodes ? { nodes } : {}),
    ...(use ? { use } : {}),
    ...(findings ? { findings } : {}),
    notAsked,
  };
}

async function readHeld(target: Target): Promise<Pick<Look, 'lease' | 'renewedAt'>> {
  const [output] = await target.kubectl([readCall(target.namespace)]);
  const lease = readLease(target, output);
  const renewed = /"renewTime":\s*"([^"]+)"/.exec(output?.stdout ?? '')?.[1];
  return { lease, ...(renewed ? { renewedAt: new Date(renewed) } : {}) };
}

/** Pods alone are asked: with a kubeconfig Services and hosts take a Job, and `verify-health` has it. */
const nowhere: Endpoints = { clusterIps: new Map(), hosts: [] };

async function askPods(target: Target, probes: readonly Probe[]): Promise<readonly Finding[]> {
  const siblings = new Set(services.map((service) => service.name));
  const answers = await target.probe(probes);
  return answers.map((it) => judgeAnswer(it, { service: it.probe.service, source: '' }, siblings));
}
