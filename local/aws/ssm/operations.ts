import type { Operation } from '../operation.ts';
import { cancelCommand } from './cancel-command.ts';
import { describeInstanceInformation } from './describe-instance-information.ts';
import { getCommandInvocation } from './get-command-invocation.ts';
import { listCommandInvocations } from './list-command-invocations.ts';
import { listCommands } from './list-commands.ts';
import { sendCommand } from './send-command.ts';
import type { SsmService } from './service.ts';

/** The actions of `X-Amz-Target: AmazonSSM.*`. */
export function ssmOperations(ssm: SsmService): ReadonlyMap<string, Operation> {
  return new Map<string, Operation>([
    ['CancelCommand', (input) => cancelCommand(input, ssm)],
    ['DescribeInstanceInformation', (input) => describeInstanceInformation(input, ssm)],
    ['GetCommandInvocation', (input) => getCommandInvocation(input, ssm)],
    ['ListCommandInvocations', (input) => listCommandInvocations(input, ssm)],
    ['ListCommands', (input) => listCommands(input, ssm)],
    ['SendCommand', (input) => sendCommand(input, ssm)],
  ]);
}
