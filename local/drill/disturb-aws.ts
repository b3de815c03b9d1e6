import type { Fault } from '../aws/faults.ts';
import type { NodeState } from '../aws/options.ts';
import type { Stage } from './stage.ts';

/** Does to the stand-in of AWS what nobody can ask of AWS itself. */
async function control({ servers: { aws } }: Stage, method: string, what: string, body?: object) {
  const answer = await fetch(`${aws.endpoint}/_control/${what}`, {
    method,
    headers: { authorization: `Bearer ${aws.controlKey}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${what}: ${await answer.text()}`);
}

export const addFault = (stage: Stage, fault: Fault) => control(stage, 'POST', 'faults', fault);
export const clearFaults = (stage: Stage) => control(stage, 'DELETE', 'faults');
export const setAgent = (stage: Stage, state: NodeState) =>
  control(stage, 'PUT', `nodes/${stage.servers.aws.instanceId}`, { state });
