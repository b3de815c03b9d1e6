import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { logFile, runningServer, startServer, stopServer } from '../processes.ts';
import type { Instance } from '../state.ts';
import { type Credentials, makeCredentials } from './credentials.ts';
import type { AwsOptions, EcrOptions, NodeOptions } from './options.ts';
import type { ServerFile } from './server-file.ts';
import { killLeftScripts } from './ssm/left-scripts.ts';

export interface StartAwsOptions
  extends Pick<AwsOptions, 'region' | 'account' | 'shell' | 'consistencyMs' | 'deliveryMs'> {
  readonly node: NodeOptions;
  readonly ecr?: EcrOptions;
}

/** A running AWS: what a client of SSM and ECR needs, and how to disturb it. */
export interface Aws {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly instanceId: string;
  readonly credentials: Credentials;
  /** `Authorization: Bearer <key>` for `<endpoint>/_control/…`. */
  readonly controlKey: string;
  readonly callLog: string;
  /** Where the scripts that ran, and what they printed, can be read. */
  readonly orchestrationFolder: string;
}

/** The server did not come up; its log says why. */
class AwsNotStarted extends Error {
  override readonly name = 'AwsNotStarted';
  readonly code = 'AWS_NOT_STARTED';
}

const name = 'aws';
const startLimitMs = 15_000;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

const awsFolder = (instance: Instance) => join(instance.stateFolder, 'aws');
const orchestration = (instance: Instance) => join(awsFolder(instance), 'orchestration');
const serverFile = (instance: Instance) => join(awsFolder(instance), 'server.json');
const readyFile = (instance: Instance) => join(awsFolder(instance), 'ready.json');

/** Starts SSM and ECR for an instance, with a random key; one that runs with the same options is kept. */
export async function startAws(instance: Instance, options: StartAwsOptions): Promise<Aws> {
  const { node, ...rest } = options;
  const folder = orchestration(instance);
  const wanted = { region: 'eu-west-1', account: '000000000000', ...rest, nodes: [node] };
  const before = await running(instance);
  if (before && isDeepStrictEqual(withoutKeys(before.options), json({ ...wanted, folder }))) {
    return describe(before, await endpoint(instance));
  }

  await stopAws(instance);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file: ServerFile = {
    options: {
      ...wanted,
      folder,
      credentials: [makeCredentials()],
      controlKey: randomBytes(24).toString('base64url'),
    },
    port: 0,
    callLog: join(instance.stateFolder, 'log', 'aws-calls.log'),
    readyFile: readyFile(instance),
  };
  await writeFile(serverFile(instance), JSON.stringify(file), { mode: 0o600 });
  await startServer(instance, {
    name,
    command: process.execPath,
    args: [main, serverFile(instance)],
  });
  return describe(file, await endpoint(instance));
}

/** Stops the server, and the commands that still run, and removes what it kept. */
export async function stopAws(instance: Instance): Promise<void> {
  await stopServer(instance, name);
  await killLeftScripts(orchestration(instance));
  await rm(awsFolder(instance), { recursive: true, force: true });
}

async function running(instance: Instance): Promise<ServerFile | undefined> {
  if (!(await runningServer(instance, name))) return undefined;
  const text = await readFile(serverFile(instance), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ServerFile);
}

/** As it comes back from a file: without what is undefined. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function withoutKeys(options: ServerFile['options']) {
  const { credentials: _credentials, controlKey: _controlKey, ...rest } = options;
  return rest;
}

async function endpoint(instance: Instance): Promise<string> {
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    const text = await readFile(readyFile(instance), 'utf8').catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { endpoint: string }).endpoint;
    if (!(await runningServer(instance, name))) break;
    await sleep(25);
  }
  const log = await readFile(logFile(instance, name), 'utf8').catch(() => '');
  const tail = log.trim().split('\n').slice(-10).join('\n');
  throw new AwsNotStarted(
    `the AWS server of "${instance.name}" does not answer; its log ends with:\n${tail}`,
  );
}

function describe(file: ServerFile, url: string): Aws {
  const { options } = file;
  const [credentials] = options.credentials;
  const [node] = options.nodes;
  if (!credentials || !node) throw new AwsNotStarted('the server file names no key or no node');
  return {
    endpoint: url,
    region: options.region ?? '',
    account: options.account ?? '',
    instanceId: node.id,
    credentials,
    controlKey: options.controlKey ?? '',
    callLog: file.callLog,
    orchestrationFolder: options.folder,
  };
}
