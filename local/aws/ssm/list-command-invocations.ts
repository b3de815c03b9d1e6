import { flag, type Input } from '../input.ts';
import { page } from '../paging.ts';
import { type Command, type Invocation, isTerminal } from './command.ts';
import { timestamp } from './command-shape.ts';
import { documentName } from './document.ts';
import { pluginName } from './get-command-invocation.ts';
import { readListRequest, visibleCommands } from './list-commands.ts';
import { readFilters } from './list-filters.ts';
import type { SsmService } from './service.ts';

const filterKeys = ['InvokedAfter', 'InvokedBefore', 'Status', 'DocumentName'];

/**
 * An id that is not known, or not yet, gives an empty list and no error.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListCommandInvocations.html
 */
export function listCommandInvocations(input: Input, ssm: SsmService): object {
  const request = readListRequest(input);
  const wanted = readFilters(input, filterKeys);
  const details = flag(input, 'Details') ?? false;
  const found: object[] = [];
  for (const command of visibleCommands(request, ssm)) {
    for (const invocation of command.invocations) {
      if (request.instanceId !== undefined && invocation.instanceId !== request.instanceId)
        continue;
      if (!wanted(command, invocation.status, invocation.statusDetails)) continue;
      found.push(shape(command, invocation, details));
    }
  }
  const { items, nextToken } = page(found, request.size, request.token);
  return { CommandInvocations: items, NextToken: nextToken ?? '' };
}

function shape(command: Command, invocation: Invocation, details: boolean): object {
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    InstanceName: '',
    Comment: command.comment,
    DocumentName: documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: timestamp(command.requestedAt),
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: details ? [plugin(invocation)] : [],
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

function plugin(invocation: Invocation): object {
  const { startedAt, endedAt } = invocation;
  return {
    Name: pluginName,
    // A plugin knows no Delayed and no Cancelling.
    Status: pluginStatus(invocation),
    StatusDetails: invocation.statusDetails,
    ResponseCode: invocation.responseCode,
    ...(startedAt === undefined ? {} : { ResponseStartDateTime: timestamp(startedAt) }),
    ...(endedAt === undefined ? {} : { ResponseFinishDateTime: timestamp(endedAt) }),
    Output: isTerminal(invocation.status) ? invocation.output : '',
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    OutputS3Region: '',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
  };
}

function pluginStatus(invocation: Invocation): string {
  if (invocation.status === 'Delayed') return 'Pending';
  if (invocation.status === 'Cancelling') return 'InProgress';
  return invocation.status;
}
