import { type Command, commandStatus, type Invocation, isTerminal } from './command.ts';
import { documentName } from './document.ts';

/** JSON 1.1 writes a timestamp as seconds since 1970 with a fraction. */
export const timestamp = (ms: number) => ms / 1_000;

/** A command as SendCommand and ListCommands show it. */
export function commandShape(command: Command): object {
  const { invocations } = command;
  const count = (holds: (one: Invocation) => boolean) => invocations.filter(holds).length;
  const { status, statusDetails } = commandStatus(invocations);
  const undelivered = (one: Invocation) => one.statusDetails === 'DeliveryTimedOut';
  return {
    CommandId: command.id,
    DocumentName: documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: timestamp(command.expiresAt),
    Parameters: command.parameters,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: timestamp(command.requestedAt),
    Status: status,
    StatusDetails: statusDetails,
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    OutputS3Region: '',
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: invocations.length,
    CompletedCount: count((one) => isTerminal(one.status)),
    ErrorCount: count(
      (one) => one.status === 'Failed' || one.statusDetails === 'ExecutionTimedOut',
    ),
    DeliveryTimedOutCount: count(undelivered),
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    TimeoutSeconds: command.timeoutSeconds,
  };
}
