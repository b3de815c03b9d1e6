import { Constraints } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import { type Input, integer, text } from '../input.ts';
import { page } from '../paging.ts';
import { type Command, commandStatus } from './command.ts';
import { commandShape } from './command-shape.ts';
import { readFilters } from './list-filters.ts';
import type { SsmService } from './service.ts';

const filterKeys = ['InvokedAfter', 'InvokedBefore', 'Status', 'DocumentName', 'ExecutionStage'];

/** What ListCommands and ListCommandInvocations ask for alike. */
export interface ListRequest {
  readonly commandId: string | undefined;
  readonly instanceId: string | undefined;
  readonly size: number;
  readonly token: string | undefined;
}

export function readListRequest(input: Input): ListRequest {
  const commandId = text(input, 'CommandId');
  const size = integer(input, 'MaxResults') ?? 50;
  new Constraints()
    .length('commandId', commandId, 36, 36)
    .range('maxResults', size, 1, 50)
    .throwIfAny();
  return {
    commandId,
    instanceId: text(input, 'InstanceId'),
    size,
    token: text(input, 'NextToken'),
  };
}

/** Commands that can be read already, by id and node, newest first. */
export function visibleCommands(request: ListRequest, ssm: SsmService): Command[] {
  const { commandId, instanceId } = request;
  if (instanceId !== undefined && !ssm.agents.has(instanceId)) {
    throw new AwsError(
      'InvalidInstanceId',
      `Instance ${instanceId} is not a managed node of account ${ssm.account}`,
    );
  }
  const before = ssm.now() - ssm.consistencyMs();
  return ssm.commands
    .newestFirst()
    .filter((command) => command.requestedAt <= before)
    .filter((command) => commandId === undefined || command.id === commandId)
    .filter(
      (command) =>
        instanceId === undefined ||
        command.invocations.some((one) => one.instanceId === instanceId),
    );
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListCommands.html */
export function listCommands(input: Input, ssm: SsmService): object {
  const request = readListRequest(input);
  const wanted = readFilters(input, filterKeys);
  const found = visibleCommands(request, ssm).filter((command) => {
    const { status, statusDetails } = commandStatus(command.invocations);
    return wanted(command, status, statusDetails);
  });
  if (request.commandId !== undefined && !ssm.commands.get(request.commandId)) {
    throw new AwsError('InvalidCommandId', '');
  }
  const { items, nextToken } = page(found, request.size, request.token);
  return { Commands: items.map(commandShape), NextToken: nextToken ?? '' };
}
