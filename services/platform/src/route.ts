import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Caller, Role } from './caller.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who may call: anyone, anyone but named if a token comes, any user, or users of these roles. */
export type Auth = 'public' | 'optional' | 'user' | readonly Role[];

/** Whether a request without a token is answered: with the same, whoever sends it. */
export const isOpen = (auth: Auth) => auth === 'public' || auth === 'optional';

export interface RequestSchemas {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
}

/** A route as its callers see it; the handler is bound to it in `app.ts`. */
export interface RouteContract {
  readonly method: Method;
  /** In Express' form: `/v1/events/:id`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly auth: Auth;
  /** The path under which the gateway publishes this route; without it, it stays inside. */
  readonly published?: `/${string}`;
  /** Cache-Control of a success; `no-store` unless told. */
  readonly cache?: string;
  readonly request?: RequestSchemas;
  readonly response: {
    readonly status: number;
    readonly body: z.ZodType;
    /** Of a body that is a text and not JSON. */
    readonly type?: string;
  };
  /** Codes of the problems that are this route's own, by status. */
  readonly problems?: Readonly<Record<number, string>>;
}

/** A service's routes by operation name. */
export type Contract = Readonly<Record<string, RouteContract>>;

type OutputOf<S, Otherwise> = S extends z.ZodType ? z.output<S> : Otherwise;
type RequestOf<R extends RouteContract> = R['request'] extends RequestSchemas
  ? R['request']
  : object;
type Part<R extends RouteContract, K extends keyof RequestSchemas> =
  RequestOf<R> extends Record<K, infer S> ? OutputOf<S, undefined> : undefined;

type CallerOf<A extends Auth> = A extends 'public'
  ? undefined
  : A extends 'optional'
    ? Caller | undefined
    : Caller;

/** What a handler is given: checked and converted, nothing of the raw request. */
export interface Input<R extends RouteContract = RouteContract> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly headers: Part<R, 'headers'>;
  readonly body: Part<R, 'body'>;
  readonly caller: CallerOf<R['auth']>;
  /** The client's own address, as far as our own proxies tell it. */
  readonly address: string;
}

type BodyOf<R extends RouteContract> = z.input<R['response']['body']>;

export interface AnswerOptions {
  /** How often the resource has changed: becomes part of its ETag, for `If-Match`. */
  readonly version?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a handler gives back when there is more to say than the body. */
export class Answer<T = unknown> {
  readonly body: T;
  readonly version: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: T, { version, headers = {} }: AnswerOptions = {}) {
    this.body = body;
    this.version = version;
    this.headers = headers;
  }
}

type AnswerOf<R extends RouteContract> = BodyOf<R> | Answer<BodyOf<R>>;

export type Handler<R extends RouteContract = RouteContract> = (
  input: Input<R>,
) => Promise<AnswerOf<R>> | AnswerOf<R>;

export type Handlers<C extends Contract> = { readonly [K in keyof C]: Handler<C[K]> };

/** Answers the request itself, unread: for what is passed on rather than understood. */
export type Forward = (req: Request, res: Response) => Promise<void>;

/** A route with whatever answers it. */
export interface BoundRoute {
  readonly name: string;
  readonly contract: RouteContract;
  readonly answer: { readonly handle: Handler } | { readonly forward: Forward };
}

/** Joins a contract with its handlers, typed by its schemas. */
export function bindRoutes<C extends Contract>(contract: C, handlers: Handlers<C>): BoundRoute[] {
  return Object.entries(contract).map(([name, route]) => ({
    name,
    contract: route,
    answer: { handle: handlers[name] as unknown as Handler },
  }));
}
