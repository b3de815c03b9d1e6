import { type Clock, systemClock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import { awsError, mayPass } from './aws-error.ts';
import {
  CancelCommandCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  type SSMClient,
} from './clients.ts';

export interface CommandOptions {
  /** Seconds that the script may run on the node. */
  readonly runSeconds: number;
  /** At most 100 characters; what a person sees in the console. */
  readonly comment: string;
}

/** What one read of a command brought; nothing if AWS does not know the command yet. */
interface Look {
  readonly answer?: GetCommandInvocationCommandOutput;
  readonly error?: PipelineError;
}

/** Answers to a question that is asked only to know sooner. */
const cannotTell = new Set(['AccessDeniedException', 'UnknownOperationException']);

/** Seconds in which the agent must have fetched the command; AWS takes no less than 30. */
const deliverySeconds = 60;

/** Milliseconds before the first read of a command, and at most between two. */
const firstPauseMs = 100;
const longestPauseMs = 1_500;
/** Of the pauses, so that an end is seen soon after it whatever the command takes. */
const growth = 1.1;

/** Milliseconds during which a command just sent may be unknown to a read. */
const consistencyMs = 30_000;

/** Runs scripts on one instance through `AWS-RunShellScript`. */
export class SsmCommands {
  readonly #client: SSMClient;
  readonly #instanceId: string;
  readonly #clock: Clock;

  constructor(client: SSMClient, instanceId: string, clock: Clock = systemClock) {
    this.#client = client;
    this.#instanceId = instanceId;
    this.#clock = clock;
  }

  /**
   * Throws unless the instance is registered and its agent answers. Credentials that may send commands
   * but not ask this are good enough: the command itself will tell.
   */
  async requireOnline(): Promise<void> {
    const answer = await this.#client
      .send(
        new DescribeInstanceInformationCommand({
          Filters: [{ Key: 'InstanceIds', Values: [this.#instanceId] }],
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof Error && cannotTell.has(error.name)) return undefined;
        throw awsError(error);
      });
    if (!answer) return;
    const [instance] = answer.InstanceInformationList ?? [];
    if (!instance) {
      throw new PipelineError(
        'INSTANCE_UNKNOWN',
        `Systems Manager knows no instance ${this.#instanceId} in this account and region.`,
        {
          cure: 'Check --instance-id and --region, and that the instance has the SSM agent and the AmazonSSMManagedInstanceCore policy.',
        },
      );
    }
    if (instance.PingStatus !== 'Online') {
      const last = instance.LastPingDateTime?.toISOString() ?? 'never';
      throw new PipelineError(
        'INSTANCE_OFFLINE',
        `Instance ${this.#instanceId} is ${instance.PingStatus ?? 'not online'}; its agent was last heard of at ${last}.`,
        { cure: 'Start the instance, or its amazon-ssm-agent, and deploy again.' },
      );
    }
  }

  /** Runs a script to its end and gives back the first 24,000 characters that it printed. */
  async run(script: string, options: CommandOptions): Promise<string> {
    const sent = await this.#call(() =>
      this.#client.send(
        new SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: [this.#instanceId],
          Comment: options.comment.slice(0, 100),
          // Delivery and execution are limited apart; this one is delivery.
          TimeoutSeconds: deliverySeconds,
          Parameters: {
            commands: [script],
            executionTimeout: [String(options.runSeconds)],
          },
        }),
      ),
    );
    const commandId = sent.Command?.CommandId ?? '';
    const answer = await this.#waitFor(commandId, options.runSeconds);
    return this.#judge(commandId, answer);
  }

  async #waitFor(
    commandId: string,
    runSeconds: number,
  ): Promise<GetCommandInvocationCommandOutput> {
    const started = this.#clock.monotonic();
    const deadline = started + (deliverySeconds + runSeconds + 15) * 1_000;
    let pause = firstPauseMs;
    for (;;) {
      // Scattered, so that clients that began together do not meet at each read.
      await this.#clock.sleep(pause * (0.8 + 0.4 * Math.random()));
      const now = this.#clock.monotonic();
      const { answer, error } = await this.#read(commandId, now - started < consistencyMs);
      if (answer && terminal.has(answer.Status ?? '')) return answer;
      if (now > deadline) {
        await this.#cancel(commandId);
        if (error) throw error;
        throw new PipelineError(
          'COMMAND_TIMED_OUT',
          `Command ${commandId} on ${this.#instanceId} is still ${answer?.Status ?? 'unknown'} ${Math.round((now - started) / 1_000)} s after it was sent; it was cancelled.`,
          { cure: 'See whether the node is overloaded and its amazon-ssm-agent is connected.' },
        );
      }
      pause = Math.min(pause * growth, longestPauseMs);
    }
  }

  async #read(commandId: string, mayBeUnknown: boolean): Promise<Look> {
    try {
      const command = { CommandId: commandId, InstanceId: this.#instanceId };
      return { answer: await this.#client.send(new GetCommandInvocationCommand(command)) };
    } catch (error) {
      const unknown = error instanceof Error && error.name === 'InvocationDoesNotExist';
      if (unknown && mayBeUnknown) return {};
      // The command runs on whether or not it can be read just now.
      if (mayPass(error)) return { error: awsError(error) };
      throw awsError(error);
    }
  }

  /** Asks for a stop; the command has its own limit, so a refusal only costs time. */
  async #cancel(commandId: string): Promise<void> {
    const command = new CancelCommandCommand({ CommandId: commandId });
    await this.#client.send(command).catch(() => undefined);
  }

  #judge(commandId: string, answer: GetCommandInvocationCommandOutput): string {
    const printed = answer.StandardOutputContent ?? '';
    if (answer.Status === 'Success') return printed;
    const detail = answer.StatusDetails ?? answer.Status ?? '';
    const where = `Command ${commandId} on ${this.#instanceId}`;
    const said = (answer.StandardErrorContent ?? '').trim().split('\n').slice(-10).join('\n');
    if (/^(Delivery ?Timed ?Out|Undeliverable)$/i.test(detail)) {
      throw new PipelineError('COMMAND_NOT_DELIVERED', `${where} was never fetched: ${detail}.`, {
        cure: 'See whether the instance runs and its amazon-ssm-agent is connected, then deploy again.',
      });
    }
    if (answer.Status === 'TimedOut') {
      throw new PipelineError('COMMAND_TIMED_OUT', `${where} was ended at its limit: ${detail}.`, {
        cure: 'See whether the node is overloaded: its calls of kubectl took longer than they may.',
      });
    }
    if (answer.Status === 'Cancelled') {
      const who = detail === 'Cancelled' ? 'by somebody else' : `by AWS: ${detail}`;
      throw new PipelineError('COMMAND_CANCELLED', `${where} was cancelled ${who}.`, {
        cure: 'See in the console who cancelled it, then try again.',
      });
    }
    throw new PipelineError(
      'COMMAND_OUTPUT_BROKEN',
      `${where} ended with ${detail}, exit code ${answer.ResponseCode}.\n${said}`,
    );
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw awsError(error);
    }
  }
}

/** `Cancelling` and `Delayed` are on the way to something else. */
const terminal = new Set(['Success', 'Cancelled', 'TimedOut', 'Failed']);
