import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCall } from './call.ts';
import type { Conditions } from './conditions.ts';
import { control, controlPrefix } from './control.ts';
import { ecrOperations } from './ecr/operations.ts';
import { createEcrService } from './ecr/service.ts';
import { Faults } from './faults.ts';
import type { AwsService } from './operation.ts';
import type { AwsOptions, NodeState } from './options.ts';
import { RateLimit } from './rate-limit.ts';
import { NodeAgent } from './ssm/agent.ts';
import { instanceId } from './ssm/get-command-invocation.ts';
import { ssmOperations } from './ssm/operations.ts';
import { Commands } from './ssm/service.ts';
import { realTimers } from './timers.ts';

export interface AwsServer {
  readonly faults: Faults;
  readonly conditions: Conditions;
  setNode(id: string, state: NodeState): void;
  /** Listens on loopback, elsewhere only if no command can run; gives back the endpoint. */
  listen(port?: number, address?: string): Promise<string>;
  close(): Promise<void>;
}

const defaultRate = { burst: 100, perSecond: 50 };

/** SSM and ECR as AWS speaks them, with its limits; commands really run on this machine. */
export function createAwsServer(options: AwsOptions): AwsServer {
  const region = options.region ?? 'eu-west-1';
  const account = options.account ?? '000000000000';
  const timers = options.timers ?? realTimers();
  const deliveryMs = options.deliveryMs ?? 50;
  const faults = new Faults();
  const conditions: Conditions = { consistencyMs: options.consistencyMs ?? 150, clockSkewMs: 0 };
  const agents = new Map<string, NodeAgent>();
  for (const node of options.nodes) {
    if (!instanceId.test(node.id)) {
      throw new TypeError(`node id: expected i- and 8 or 17 letters or digits, got "${node.id}"`);
    }
    const agent = new NodeAgent(node, {
      folder: options.folder,
      region,
      shell: options.shell ?? 'sh',
      deliveryMs,
      timers,
      outputLimit: options.outputLimit ?? 'agent',
      now: Date.now,
    });
    agents.set(node.id, agent);
  }
  const ssm = ssmOperations({
    agents,
    commands: new Commands(),
    faults,
    account,
    timers,
    deliveryMs,
    now: Date.now,
    consistencyMs: () => conditions.consistencyMs,
  });
  const services = new Map<string, AwsService>([
    ['AmazonSSM', { signingName: 'ssm', operations: ssm }],
  ]);
  if (options.ecr) {
    const ecr = ecrOperations(
      createEcrService({ ...options.ecr, region, account, folder: options.folder, now: Date.now }),
    );
    services.set('AmazonEC2ContainerRegistry_V20150921', { signingName: 'ecr', operations: ecr });
  }
  const rate = new RateLimit(options.rate ?? defaultRate);
  const calls = {
    credentials: options.credentials,
    region,
    account,
    services,
    faults,
    rate,
    conditions,
    log: options.logCall ?? (() => {}),
  };
  const controlled = { key: options.controlKey, faults, conditions, agents };

  const server = createServer((request, response) => {
    void (request.url?.startsWith(controlPrefix)
      ? answerControl(request, response)
      : answerCall(request, response, calls));
  });
  server.requestTimeout = 30_000;

  async function answerControl(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await control(request, controlled);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  return {
    faults,
    conditions,
    setNode(id, state) {
      const agent = agents.get(id);
      if (!agent) throw new TypeError(`node ${id} is not one of ${[...agents.keys()].join(', ')}`);
      agent.state = state;
    },
    async listen(port = 0, address = '127.0.0.1') {
      if (address !== '127.0.0.1' && agents.size > 0) {
        throw new TypeError('a server that runs commands listens on loopback alone');
      }
      await mkdir(options.folder, { recursive: true, mode: 0o700 });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address, resolve);
      });
      return `http://${address}:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, ...[...agents.values()].map((agent) => agent.close())]);
    },
  };
}
