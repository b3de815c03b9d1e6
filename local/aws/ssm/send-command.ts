import { randomUUID } from 'node:crypto';
import { Constraints } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import { type Input, integer, objects, text, textLists, texts } from '../input.ts';
import { type Command, newInvocation } from './command.ts';
import { commandShape } from './command-shape.ts';
import { deliver } from './delivery.ts';
import { documentName, readShellDocument } from './document.ts';
import type { SsmService } from './service.ts';

const defaultTimeoutSeconds = 3_600;
const mostInstances = 50;
const mostTargets = 5;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
export function sendCommand(input: Input, ssm: SsmService): object {
  const name = text(input, 'DocumentName');
  const comment = text(input, 'Comment') ?? '';
  const timeoutSeconds = integer(input, 'TimeoutSeconds') ?? defaultTimeoutSeconds;
  const instanceIds = texts(input, 'InstanceIds') ?? [];
  const targets = objects(input, 'Targets') ?? [];
  new Constraints()
    .required('documentName', name)
    .range('timeoutSeconds', timeoutSeconds, 30, 2_592_000)
    .length('comment', comment, 0, 100)
    .length('instanceIds', instanceIds, 0, mostInstances)
    .length('targets', targets, 0, mostTargets)
    .pattern(
      'maxConcurrency',
      text(input, 'MaxConcurrency'),
      /^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$/,
    )
    .pattern('maxErrors', text(input, 'MaxErrors'), /^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$/)
    .throwIfAny();
  if (name !== documentName) {
    throw new AwsError('InvalidDocument', `document with name ${name} does not exist.`);
  }
  const documentVersion = text(input, 'DocumentVersion') ?? '$DEFAULT';
  if (!['$DEFAULT', '$LATEST', '1'].includes(documentVersion)) {
    throw new AwsError(
      'InvalidDocumentVersion',
      `document version ${documentVersion} does not exist.`,
    );
  }
  const parameters = textLists(input, 'Parameters') ?? {};
  const document = readShellDocument(parameters);
  const asked = targets.map(readTarget);
  const nodes = chosenNodes(instanceIds, asked, ssm);

  const requestedAt = ssm.now();
  const id = randomUUID();
  const command: Command = {
    id,
    comment,
    documentVersion,
    parameters,
    document,
    timeoutSeconds,
    instanceIds,
    targets: asked,
    maxConcurrency: text(input, 'MaxConcurrency') ?? '50',
    maxErrors: text(input, 'MaxErrors') ?? '0',
    requestedAt,
    expiresAt: requestedAt + (timeoutSeconds + document.executionSeconds) * 1_000,
    invocations: nodes.map((node) => newInvocation(id, node)),
  };
  const dropped = ssm.commands.add(command);
  for (const agent of ssm.agents.values()) if (dropped) void agent.forget(dropped.id);

  const fault = ssm.faults.takeForCommand();
  // The answer tells the command as it was sent, before any node has heard of it.
  const answer = { Command: commandShape(command) };
  for (const invocation of command.invocations) {
    const agent = ssm.agents.get(invocation.instanceId);
    if (agent) deliver(command, invocation, agent, fault, ssm);
  }
  return answer;
}

function readTarget(target: Input) {
  return { Key: text(target, 'Key') ?? '', Values: texts(target, 'Values') ?? [] };
}

/** The nodes named by id or, as the only kind of target, by `InstanceIds`. */
function chosenNodes(
  instanceIds: readonly string[],
  targets: Command['targets'],
  ssm: SsmService,
): readonly string[] {
  if (instanceIds.length > 0 && targets.length > 0) {
    throw new AwsError('InvalidTarget', 'InstanceIds and Targets cannot be given together.');
  }
  const other = targets.find((target) => target.Key !== 'InstanceIds');
  if (other) {
    throw new AwsError(
      'InvalidTarget',
      `The target key ${other.Key} is not supported; use InstanceIds.`,
    );
  }
  const chosen = instanceIds.length > 0 ? instanceIds : targets.flatMap((target) => target.Values);
  if (chosen.length === 0)
    throw new AwsError('InvalidInstanceId', 'InstanceIds or Targets must be given.');
  if (new Set(chosen).size !== chosen.length) {
    throw new AwsError(
      'DuplicateInstanceId',
      'You cannot specify a managed node ID in more than one association.',
    );
  }
  const unknown = chosen.filter((id) => (ssm.agents.get(id)?.state ?? 'stopped') === 'stopped');
  if (unknown.length > 0) {
    const list = `[[${unknown.join(', ')}]]`;
    throw new AwsError(
      'InvalidInstanceId',
      `Instances ${list} not in a valid state for account ${ssm.account}`,
    );
  }
  return chosen;
}
