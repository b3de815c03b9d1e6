import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { type Chain, parseQuery, step } from './chain.ts';
import { type EngineWorld, engineValue } from './engine-value.ts';

/** What the engine is asked to run: a function by its name, or the registration of all. */
export interface FunctionCall {
  readonly name: string;
  /** Values as the CLI gives them; objects by their id. */
  readonly args: Readonly<Record<string, unknown>>;
}

export interface FakeEngine {
  readonly port: number;
  readonly token: string;
  /** All that was asked, in order, with ids resolved where an object was loaded by its id. */
  readonly asked: readonly Chain[];
  /** Id of an object, to be given as an argument. */
  idOf(chain: Chain): string;
  /** The object that an id stands for. */
  object(id: unknown): Chain;
  /** What the function gave back; undefined if it has not. */
  returned(): unknown;
  /** What the function threw; undefined if it has not. */
  thrown(): string | undefined;
}

/**
 * Speaks for an engine to the SDK: GraphQL over HTTP on loopback. It answers what the module asks
 * and fails on anything else; that queries fit the schema is what the client's types are for.
 */
export async function fakeEngine(
  t: ExecutionContext,
  call: FunctionCall | undefined,
  world: Partial<EngineWorld> = {},
): Promise<FakeEngine> {
  const objects: Chain[] = [];
  const asked: Chain[] = [];
  const token = 'token-of-a-test';
  const outcome: { returned?: unknown; thrown?: string } = {};

  const idOf = (chain: Chain): string => `id-${objects.push(chain) - 1}`;
  const object = (id: unknown): Chain => {
    const found = objects[Number(String(id).replace('id-', ''))];
    if (!found) throw new Error(`the engine knows no object ${String(id)}`);
    return found;
  };
  const loaded = (chain: Chain): Chain =>
    chain[0]?.field === 'node' ? [...object(chain[0].args.id), ...chain.slice(1)] : chain;

  const callValue = (chain: Chain): unknown => {
    const last = chain.at(-1);
    switch (last?.field) {
      case 'parentName':
        return call ? 'Whatsthecraic' : '';
      case 'name':
        return call?.name;
      case 'parent':
        return '{}';
      case 'inputArgs':
        return Object.entries(call?.args ?? {}).map(([name, value]) => ({
          id: idOf([{ field: 'argument', args: { name, value: JSON.stringify(value) } }]),
        }));
      case 'returnValue':
        outcome.returned = JSON.parse(String(last.args.value));
        return null;
      case 'returnError':
        outcome.thrown = String(step(object(last.args.error), 'error').args.message);
        return null;
      default:
        throw new Error(`unknown: currentFunctionCall.${last?.field}`);
    }
  };

  const answer = async (chain: Chain): Promise<unknown> => {
    const [first, second] = chain;
    if (first?.field === 'currentFunctionCall') return callValue(chain);
    if (first?.field === 'currentModule' && second?.field === 'name') return 'whatsthecraic';
    if (first?.field === 'argument') return first.args[second?.field ?? ''];
    if (chain.at(-1)?.field === 'id') return idOf(chain.slice(0, -1));
    if (chain.at(-1)?.field === 'sync') {
      await world.run?.(chain.slice(0, -1));
      return idOf(chain.slice(0, -1));
    }
    return engineValue(chain, { object, ...world });
  };

  const server = createServer(async (request, response) => {
    let body: object;
    try {
      if (request.headers.authorization !== `Basic ${btoa(`${token}:`)}`) throw new Error('token');
      const query = parseQuery(JSON.parse(await textOf(request)).query);
      // The only list of objects that the SDK asks for; of each it takes the id.
      const chain = query.at(-2)?.field === 'inputArgs' ? query.slice(0, -1) : query;
      const whole = loaded(chain);
      asked.push(whole);
      body = { data: nested(chain, await answer(whole)) };
    } catch (error) {
      const { message, extensions } = error as Error & { extensions?: object };
      body = { errors: [{ message, extensions, path: [] }], data: null };
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  // The SDK is silent for seconds while it scans, and then uses the connection that it has.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    token,
    asked,
    idOf,
    object,
    returned: () => outcome.returned,
    thrown: () => outcome.thrown,
  };
}

const nested = (chain: Chain, value: unknown): unknown =>
  chain.reduceRight<unknown>((inner, { field }) => ({ [field]: inner }), value);

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
