import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readBody } from './body.ts';
import { type Conditions, parseConditions } from './conditions.ts';
import { type Faults, parseFault } from './faults.ts';
import type { NodeState } from './options.ts';
import type { NodeAgent } from './ssm/agent.ts';

export const controlPrefix = '/_control/';

export interface Controlled {
  readonly key: string | undefined;
  readonly faults: Faults;
  readonly conditions: Conditions;
  readonly agents: ReadonlyMap<string, NodeAgent>;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * What AWS does not have: `GET | POST | DELETE /_control/faults`, `GET | PATCH /_control/conditions`
 * and `PUT /_control/nodes/<id>` with `{"state": …}`, under a key of their own.
 */
export async function control(
  request: IncomingMessage,
  controlled: Controlled,
): Promise<ControlAnswer> {
  if (!isAllowed(request.headers.authorization, controlled.key)) {
    return {
      status: 401,
      body: { error: 'the control endpoint needs "Authorization: Bearer <control key>"' },
    };
  }
  try {
    const text = (await readBody(request)).toString('utf8');
    return act(request, text === '' ? undefined : JSON.parse(text), controlled);
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

function act(request: IncomingMessage, body: unknown, controlled: Controlled): ControlAnswer {
  const { faults, conditions, agents } = controlled;
  const [what, id = ''] = (request.url ?? '').slice(controlPrefix.length).split('/');
  switch (`${request.method} ${what}`) {
    case 'POST faults':
      for (const fault of Array.isArray(body) ? body : [body]) faults.add(parseFault(fault));
      return { status: 200, body: faults.pending() };
    case 'GET faults':
      return { status: 200, body: faults.pending() };
    case 'DELETE faults':
      faults.clear();
      return { status: 200, body: [] };
    case 'PATCH conditions':
      Object.assign(conditions, parseConditions(body));
      return { status: 200, body: conditions };
    case 'GET conditions':
      return { status: 200, body: conditions };
    case 'PUT nodes': {
      const agent = agents.get(id);
      if (!agent)
        return {
          status: 404,
          body: { error: `no node ${id}; there is ${[...agents.keys()].join(', ')}` },
        };
      agent.state = parseState(body);
      return { status: 200, body: { id, state: agent.state } };
    }
    default:
      return { status: 404, body: { error: `no control ${request.method} ${request.url}` } };
  }
}

function parseState(body: unknown): NodeState {
  const state = (body as { state?: unknown } | undefined)?.state;
  if (state === 'online' || state === 'offline' || state === 'stopped') return state;
  throw new TypeError(
    `node state: expected online, offline or stopped, got ${JSON.stringify(state)}`,
  );
}

function isAllowed(authorization: string | undefined, key: string | undefined): boolean {
  if (!key) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${key}`));
}
