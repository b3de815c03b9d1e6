import { Constraints } from '../constraints.ts';
import { AwsError } from '../errors.ts';
import { type Input, text } from '../input.ts';
import { isTerminal } from './command.ts';
import { documentName } from './document.ts';
import type { SsmService } from './service.ts';

export const pluginName = 'aws:runShellScript';
export const instanceId = /(^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)/;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
export function getCommandInvocation(input: Input, ssm: SsmService): object {
  const id = text(input, 'CommandId');
  const node = text(input, 'InstanceId');
  const plugin = text(input, 'PluginName');
  new Constraints()
    .required('commandId', id)
    .length('commandId', id, 36, 36)
    .required('instanceId', node)
    .pattern('instanceId', node, instanceId)
    .throwIfAny();

  const command = ssm.commands.get(id ?? '');
  const invocation = command?.invocations.find((one) => one.instanceId === node);
  if (!command || !invocation || ssm.now() < command.requestedAt + ssm.consistencyMs()) {
    throw new AwsError('InvocationDoesNotExist', '');
  }
  if (plugin !== undefined && plugin !== pluginName) throw new AwsError('InvalidPluginName', '');

  const { startedAt, endedAt } = invocation;
  const ended = isTerminal(invocation.status);
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: documentName,
    DocumentVersion: command.documentVersion,
    PluginName: pluginName,
    ResponseCode: invocation.responseCode,
    ExecutionStartDateTime: startedAt === undefined ? '' : iso(startedAt),
    ExecutionElapsedTime:
      startedAt === undefined || endedAt === undefined ? '' : duration(endedAt - startedAt),
    ExecutionEndDateTime: endedAt === undefined ? '' : iso(endedAt),
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    StandardOutputContent: ended ? invocation.stdout : '',
    StandardOutputUrl: '',
    StandardErrorContent: ended ? invocation.stderr : '',
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

const iso = (time: number) => new Date(time).toISOString();

/** ISO 8601, as the agent counts it: `PT1M2.345S`. */
function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms - minutes * 60_000) / 1_000;
  return `PT${minutes > 0 ? `${minutes}M` : ''}${seconds}S`;
}
