import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBody } from './body.ts';
import type { CallRecord } from './call-log.ts';
import type { Conditions } from './conditions.ts';
import type { Credentials } from './credentials.ts';
import { AwsError, internalError, throttled } from './errors.ts';
import type { CallFault, Faults } from './faults.ts';
import { parseInput } from './input.ts';
import type { AwsService, Operation } from './operation.ts';
import type { RateLimit } from './rate-limit.ts';
import { type Caller, verifySignature } from './signature.ts';

/** What every call needs, of whichever service. */
export interface Calls {
  readonly credentials: readonly Credentials[];
  readonly region: string;
  readonly account: string;
  readonly services: ReadonlyMap<string, AwsService>;
  readonly faults: Faults;
  readonly rate: RateLimit;
  readonly conditions: Conditions;
  readonly log: (record: CallRecord) => void;
}

/** How far a call came; the log is written from it. */
interface Progress {
  action: string;
  caller?: Caller;
  fault?: CallFault;
  commandId: string | null;
}

const defaultSlowMs = 1_000;

/** One call of the AWS JSON 1.1 protocol: signature, faults, limits, operation, answer. */
export async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  calls: Calls,
): Promise<void> {
  const requestId = randomUUID();
  const began = performance.now();
  const progress: Progress = { action: 'unknown', commandId: null };
  let status = 200;
  let failure: AwsError | undefined;
  let answer: object = {};
  try {
    answer = await perform(request, calls, progress);
  } catch (error) {
    failure = error instanceof AwsError ? error : internalError();
    if (!(error instanceof AwsError)) console.error(requestId, error);
    status = failure.status;
    answer = { __type: failure.code, message: failure.message };
  }

  const { kind, ms = defaultSlowMs } = progress.fault ?? {};
  if (kind === 'slow') await sleep(ms);
  calls.log({
    time: new Date().toISOString(),
    action: progress.action,
    requestId,
    accessKeyId: progress.caller?.accessKeyId ?? null,
    status,
    error: failure?.code ?? null,
    fault: kind ?? null,
    commandId: progress.commandId,
    milliseconds: Math.round(performance.now() - began),
  });
  if (kind === 'cut' || kind === 'lose-reply') {
    request.socket.destroy();
    return;
  }
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    date: new Date(awsNow(calls)).toUTCString(),
    'x-amzn-requestid': requestId,
    ...(failure ? { 'x-amzn-errortype': failure.code } : {}),
  });
  response.end(body);
}

async function perform(
  request: IncomingMessage,
  calls: Calls,
  progress: Progress,
): Promise<object> {
  const body = await readBody(request);
  const { method = '', url = '', headers } = request;
  const caller = verifySignature({ method, url, headers, body }, calls.credentials, awsNow(calls));
  progress.caller = caller;
  const operation = findOperation(request, calls, caller, progress);

  const fault = calls.faults.takeForCall(progress.action);
  if (fault) progress.fault = fault;
  if (fault?.kind === 'cut') return {};
  if (fault?.kind === 'internal-error') throw internalError();
  if (fault?.kind === 'access-denied') throw accessDenied(caller, progress.action, calls.account);
  if (fault?.kind === 'expired-token') throw expired();
  if (fault?.kind === 'throttle' || !calls.rate.allows(progress.action, Date.now()))
    throw throttled();

  const input = parseInput(body);
  const answer = await operation(input);
  progress.commandId = commandId(answer) ?? commandId({ Command: input }) ?? null;
  return answer;
}

function findOperation(
  request: IncomingMessage,
  calls: Calls,
  caller: Caller,
  progress: Progress,
): Operation {
  const [prefix = '', action = ''] = String(request.headers['x-amz-target'] ?? '').split('.', 2);
  const service = calls.services.get(prefix);
  const operation = request.method === 'POST' ? service?.operations.get(action) : undefined;
  if (!service || !operation) throw new AwsError('UnknownOperationException', '', 404);
  progress.action = action;
  if (caller.service !== service.signingName) {
    throw new AwsError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${service.signingName}'.`,
    );
  }
  if (caller.region !== calls.region) {
    throw new AwsError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region, not '${caller.region}'.`,
    );
  }
  return operation;
}

/** As AWS refuses the credentials of a role once their time is over. */
const expired = () =>
  new AwsError('ExpiredTokenException', 'The security token included in the request is expired');

function accessDenied(caller: Caller, action: string, account: string): AwsError {
  const who = `arn:aws:iam::${account}:user/${caller.accessKeyId}`;
  const what = `${caller.service}:${action}`;
  return new AwsError(
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${what} because no identity-based policy allows the ${what} action`,
  );
}

function commandId(answer: object): string | undefined {
  const id = (answer as { Command?: { CommandId?: unknown } }).Command?.CommandId;
  return typeof id === 'string' ? id : undefined;
}

const awsNow = (calls: Calls) => Date.now() + calls.conditions.clockSkewMs;
