import { invalid, required } from '../arguments.ts';
import { type AwsAccess, createSsmClient } from '../aws/clients.ts';
import { SsmCommands } from '../aws/ssm-command.ts';
import { PipelineError } from '../errors.ts';
import { namespace } from '../namespace.ts';
import { KubeconfigTarget } from './kubeconfig-target.ts';
import { SsmTarget } from './ssm-target.ts';
import type { Target } from './target.ts';

export interface TargetArguments {
  readonly instanceId?: string | undefined;
  readonly aws?: AwsAccess | undefined;
  /** Path of a kubeconfig file. */
  readonly kubeconfig?: string | undefined;
  /** Path of the kubectl program; needed with a kubeconfig. */
  readonly kubectl?: string | undefined;
}

/** Opens the target that the arguments name: an EC2 instance over SSM, or a kubeconfig's cluster. */
export async function openTarget(args: TargetArguments): Promise<Target> {
  if (args.kubeconfig !== undefined && args.instanceId !== undefined) {
    throw new PipelineError(
      'ARGUMENT_INVALID',
      'There are two targets: --instance-id and --kubeconfig.',
      {
        cure: 'Give one of them.',
      },
    );
  }
  if (args.kubeconfig !== undefined) {
    const kubectl = required(args.kubectl, '--kubectl', 'a kubeconfig is used through it.');
    return new KubeconfigTarget({ kubectl, kubeconfig: args.kubeconfig, namespace });
  }
  if (args.instanceId === undefined) {
    throw new PipelineError('ARGUMENT_INVALID', 'There is no target.', {
      cure: 'Give --instance-id with AWS credentials (EC2 over SSM), or --kubeconfig (any cluster).',
    });
  }
  if (!/^m?i-[0-9a-f]{8,17}$/.test(args.instanceId)) {
    throw invalid('--instance-id', args.instanceId, 'Give an id such as i-077f139e329506bf5.');
  }
  const aws = required(
    args.aws,
    '--aws-access-key-id',
    'an instance is reached with AWS credentials.',
  );
  const commands = new SsmCommands(createSsmClient(aws), args.instanceId);
  await commands.requireOnline();
  return new SsmTarget(commands, { instanceId: args.instanceId, namespace });
}
