import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ECRClient } from '@aws-sdk/client-ecr';
import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
  type SSMClientConfig,
} from '@aws-sdk/client-ssm';
import type { ExecutionContext } from 'ava';
import type { CallRecord } from '../../../../local/aws/call-log.ts';
import { type Credentials, makeCredentials } from '../../../../local/aws/credentials.ts';
import type { AwsOptions } from '../../../../local/aws/options.ts';
import { type AwsServer, createAwsServer } from '../../../../local/aws/server.ts';

export const node = { id: 'i-0123456789abcdef0', enter: [], env: {}, online: true } as const;
export const region = 'eu-west-1';
export const controlKey = 'control-key-of-a-test';

export interface TestAws {
  readonly server: AwsServer;
  readonly endpoint: string;
  readonly folder: string;
  readonly credentials: Credentials;
  readonly calls: CallRecord[];
  readonly ssm: SSMClient;
  /** A client with other settings; one attempt a call unless they say more. */
  client(settings?: SSMClientConfig): SSMClient;
  ecr(): ECRClient;
  send(script: string | string[], more?: Partial<SendCommandCommandInput>): Promise<string>;
  invocation(commandId: string): Promise<GetCommandInvocationCommandOutput>;
  /** Reads the invocation until its status is one of those named; at most ten seconds. */
  until(commandId: string, ...statuses: string[]): Promise<GetCommandInvocationCommandOutput>;
  /** Sends a script and waits for its end. */
  run(
    script: string | string[],
    more?: Partial<SendCommandCommandInput>,
  ): Promise<GetCommandInvocationCommandOutput>;
}

const ends = ['Success', 'Failed', 'TimedOut', 'Cancelled'];

/** An AWS of the test's own, in which nothing takes time but the scripts. */
export async function testAws(
  t: ExecutionContext,
  options: Partial<AwsOptions> = {},
): Promise<TestAws> {
  const folder = await mkdtemp(join(tmpdir(), 'test-aws-'));
  const credentials = options.credentials?.[0] ?? makeCredentials();
  const calls: CallRecord[] = [];
  const server = createAwsServer({
    folder,
    credentials: [credentials],
    nodes: [node],
    controlKey,
    consistencyMs: 0,
    deliveryMs: 0,
    logCall: (record) => calls.push(record),
    ...options,
  });
  const endpoint = await server.listen();
  const clients: { destroy(): void }[] = [];
  const base = { endpoint, region, credentials, maxAttempts: 1 };
  const client = (settings: SSMClientConfig = {}) => {
    const made = new SSMClient({ ...base, ...settings });
    clients.push(made);
    return made;
  };
  t.teardown(async () => {
    for (const one of clients) one.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ssm = client();
  const aws: TestAws = {
    server,
    endpoint,
    folder,
    credentials,
    calls,
    ssm,
    client,
    ecr() {
      const made = new ECRClient(base);
      clients.push(made);
      return made;
    },
    async send(script, more = {}) {
      const { Parameters, ...rest } = more;
      const answer = await ssm.send(
        new SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: [node.id],
          Parameters: { commands: [script].flat(), ...Parameters },
          ...rest,
        }),
      );
      return answer.Command?.CommandId ?? '';
    },
    invocation: (commandId) =>
      ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: node.id })),
    async until(commandId, ...statuses) {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const found = await aws.invocation(commandId);
        if (statuses.includes(found.Status ?? '')) return found;
        if (Date.now() > deadline) throw new Error(`still ${found.Status}, not ${statuses}`);
        await sleep(10);
      }
    },
    run: async (script, more) => aws.until(await aws.send(script, more), ...ends),
  };
  return aws;
}

/** Waits until something holds; at most ten seconds. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never came true: ${what}`);
    await sleep(10);
  }
}

/** Whether a `sleep` with this argument runs. */
export async function isSleeping(argument: string): Promise<boolean> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command === `sleep\0${argument}\0`) return true;
  }
  return false;
}
