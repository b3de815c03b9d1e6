import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { AwsOptions } from '../../../local/aws/options.ts';
import { createSsmClient } from '../../src/aws/clients.ts';
import { SsmCommands } from '../../src/aws/ssm-command.ts';
import type { Clock } from '../../src/clock.ts';
import { node, region, type TestAws, testAws } from '../aws/helpers/test-aws.ts';

export interface Setup {
  readonly aws: TestAws;
  readonly commands: SsmCommands;
}

/** Our client, by the official SDK, against an AWS of the test's own. */
export async function setup(
  t: ExecutionContext,
  options: Partial<AwsOptions> & {
    clock?: Clock;
    instanceId?: string;
    secretAccessKey?: string;
  } = {},
): Promise<Setup> {
  const { clock, instanceId = node.id, secretAccessKey, ...rest } = options;
  const aws = await testAws(t, rest);
  const client = createSsmClient({
    region,
    endpoint: aws.endpoint,
    ...aws.credentials,
    ...(secretAccessKey ? { secretAccessKey } : {}),
  });
  t.teardown(() => client.destroy());
  return { aws, commands: new SsmCommands(client, instanceId, clock) };
}

/** A clock that runs `factor` times as fast as the machine's. */
export function hurriedClock(factor: number): Clock {
  return {
    monotonic: () => performance.now() * factor,
    now: () => new Date(),
    sleep: (ms) => delay(ms / factor),
  };
}

/** A folder of programs that stand before the machine's own on PATH. */
export async function programs(
  t: ExecutionContext,
  texts: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-bin-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return `${folder}:/usr/bin:/bin`;
}
