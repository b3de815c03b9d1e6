import { type DestinationStream, type Logger, pino } from 'pino';
import { requestContext, traceIdOf } from './context.ts';

export type Log = Logger;

export interface LogOptions {
  readonly service: string;
  readonly level?: string;
  readonly commit?: string | null;
  readonly destination?: DestinationStream;
}

const SECRET_NAMES = ['authorization', 'cookie', 'password', 'token', 'secret', 'client_secret'];

/** JSON lines with the service's name and, inside a request, its ids. */
export function createLog({ service, level = 'info', commit, destination }: LogOptions): Log {
  const options = {
    level,
    base: { service, ...(commit ? { commit } : {}) },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`]),
      censor: '[secret]',
    },
    mixin: requestIds,
  };
  return destination ? pino(options, destination) : pino(options);
}

function requestIds(): object {
  const context = requestContext.getStore();
  if (!context) return {};
  const traceId = traceIdOf(context.traceparent);
  return { requestId: context.requestId, ...(traceId ? { traceId } : {}) };
}
