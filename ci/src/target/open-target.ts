import { readFile } from 'node:fs/promises';
import { invalid, required } from '../arguments.ts';
import { type AwsAccess, createSsmClient } from '../aws/clients.ts';
import { SsmCommands } from '../aws/ssm-command.ts';
import { PipelineError } from '../errors.ts';
import { namespaceOf } from '../namespace.ts';
import { hide } from '../redact.ts';
import { KubeconfigTarget } from './kubeconfig-target.ts';
import { SsmTarget } from './ssm-target.ts';
import type { Target } from './target.ts';

export interface TargetArguments {
  /** The environment, whose namespace all calls go to. */
  readonly overlay: string;
  readonly instanceId?: string | undefined;
  readonly aws?: AwsAccess | undefined;
  /** Path of a kubeconfig file. */
  readonly kubeconfig?: string | undefined;
  /** Path of the kubectl program; needed with a kubeconfig. */
  readonly kubectl?: string | undefined;
}

/** Refuses arguments that name no target or two, before anything is read for one of them. */
export function checkTarget({
  instanceId,
  kubeconfig,
}: {
  readonly instanceId?: string | undefined;
  readonly kubeconfig?: unknown;
}): void {
  if (kubeconfig !== undefined && instanceId !== undefined) {
    throw new PipelineError(
      'ARGUMENT_INVALID',
      'There are two targets: --instance-id and --kubeconfig.',
      { cure: 'Give one of them.' },
    );
  }
  if (kubeconfig === undefined && instanceId === undefined) {
    throw new PipelineError('ARGUMENT_INVALID', 'There is no target.', {
      cure: 'Give --instance-id with AWS credentials (EC2 over SSM), or --kubeconfig (any cluster).',
    });
  }
  if (instanceId !== undefined && !/^m?i-[0-9a-f]{8,17}$/.test(instanceId)) {
    throw invalid('--instance-id', instanceId, 'Give an id such as i-077f139e329506bf5.');
  }
}

/** Opens the target that the arguments name: an EC2 instance over SSM, or a kubeconfig's cluster. */
export async function openTarget(args: TargetArguments): Promise<Target> {
  checkTarget(args);
  const namespace = namespaceOf(args.overlay);
  if (args.kubeconfig !== undefined) {
    await hideKubeconfig(args.kubeconfig);
    const kubectl = required(args.kubectl, '--kubectl', 'a kubeconfig is used through it.');
    return new KubeconfigTarget({ kubectl, kubeconfig: args.kubeconfig, namespace });
  }
  const instanceId = required(args.instanceId, '--instance-id', 'there is no other target.');
  const why = 'an instance is reached with AWS credentials.';
  const aws = required(args.aws, '--aws-access-key-id', why);
  hide(aws.accessKeyId, aws.secretAccessKey, aws.sessionToken);
  const commands = new SsmCommands(createSsmClient(aws), instanceId);
  await commands.requireOnline();
  return new SsmTarget(commands, { instanceId, namespace });
}

/** What is not there or cannot be read, kubectl will tell better. */
async function hideKubeconfig(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const secrets = text.matchAll(/^\s*-?\s*(?:token|password|client-key-data):\s*["']?([^\s"']+)/gm);
  hide(...[...secrets].map(([, value]) => value));
}
