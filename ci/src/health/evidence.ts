import type { Evidence } from '../rollout/evidence.ts';
import { collectEvidence } from '../rollout/evidence.ts';
import { judge } from '../rollout/judge.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { podsOf } from '../rollout/pods-of.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import type { Verdict } from '../rollout/verdict.ts';
import type { Target } from '../target/target.ts';
import type { ServiceHealth } from './attempt.ts';

/** What shows why services that rolled out are not healthy: the log of one of their pods. */
export async function evidenceOfIll(
  target: Target,
  healths: readonly ServiceHealth[],
): Promise<Evidence[]> {
  const ill = healths.filter((health) => !health.healthy);
  if (ill.length === 0) return [];
  const snapshot = await takeSnapshot(target);
  const verdicts = ill.map(({ service }) => withPod(judge(service, snapshot), snapshot));
  return collectEvidence(target, verdicts, snapshot);
}

function withPod(verdict: Verdict, snapshot: Snapshot): Verdict {
  if (verdict.pod) return verdict;
  const deployment = snapshot.deployments.find((candidate) => candidate.name === verdict.service);
  const [pod] = deployment ? podsOf(deployment, snapshot).newPods : [];
  return pod ? { ...verdict, pod: pod.name } : verdict;
}
