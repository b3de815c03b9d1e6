import { Constraints } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import { type Input, text, texts } from '../input.ts';
import type { SsmService } from './service.ts';

/**
 * Answers at once; what has ended stays as it is, and there is no guarantee for the rest.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CancelCommand.html
 */
export function cancelCommand(input: Input, ssm: SsmService): object {
  const id = text(input, 'CommandId');
  const nodes = texts(input, 'InstanceIds') ?? [];
  new Constraints()
    .required('commandId', id)
    .length('commandId', id, 36, 36)
    .length('instanceIds', nodes, 0, 50)
    .throwIfAny();
  if (new Set(nodes).size !== nodes.length) throw new AwsError('DuplicateInstanceId', '');
  const command = ssm.commands.get(id ?? '');
  if (!command) throw new AwsError('InvalidCommandId', '');
  const unknown = nodes.find((node) => !command.instanceIds.includes(node));
  if (unknown) {
    throw new AwsError(
      'InvalidInstanceId',
      `Instance ${unknown} is not a target of command ${command.id}`,
    );
  }
  for (const invocation of command.invocations) {
    if (nodes.length > 0 && !nodes.includes(invocation.instanceId)) continue;
    ssm.agents.get(invocation.instanceId)?.cancel(invocation);
  }
  return {};
}
