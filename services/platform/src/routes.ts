import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { authenticate, type VerifyToken } from './authenticate.ts';
import { entityTag, isUnchanged } from './conditional.ts';
import { MethodNotAllowed } from './errors.ts';
import { Answer, type BoundRoute, type Input, type Method, type RouteContract } from './route.ts';
import { validate } from './validate.ts';

export interface RouterOptions {
  readonly verifyToken?: VerifyToken | undefined;
  /** Also checks answers against the contract: for tests, where a wrong answer is a bug to see. */
  readonly checkResponses?: boolean;
}

export const BODY_LIMIT = '100kb';

/** Keeps a body as it came, for whoever is to read it. */
const readBody = express.raw({ type: () => true, limit: BODY_LIMIT });

/** The router of a route table: one path at a time, with its 405 and OPTIONS. */
export function createRouter(routes: readonly BoundRoute[], options: RouterOptions = {}): Router {
  const router = express.Router({ caseSensitive: true });
  const parseBody = express.json({ limit: BODY_LIMIT });
  for (const [path, group] of byPath(routes)) {
    const route = router.route(path);
    route.all(function rememberPattern(_req, res, next) {
      res.locals.route = path;
      next();
    });
    for (const bound of group) {
      route[bound.contract.method](...toHandlers(bound, options, parseBody));
    }
    const allow = allowedMethods(group.map(({ contract }) => contract.method));
    route.options(function tellMethods(_req, res) {
      res.set('Allow', allow).status(204).end();
    });
    route.all(function refuseMethod(req) {
      throw new MethodNotAllowed(req.method, allow);
    });
  }
  return router;
}

/** Paths with their routes, fixed words before parameters, so that no table depends on its order. */
export function byPath(routes: readonly BoundRoute[]): [string, BoundRoute[]][] {
  const groups = Map.groupBy(routes, ({ contract }) => contract.path as string);
  const sortKey = (path: string) => path.replaceAll(':', '\uffff');
  return [...groups].sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

export function allowedMethods(methods: readonly Method[]): string {
  const names = new Set(methods.map((method) => method.toUpperCase()));
  if (names.has('GET')) names.add('HEAD');
  return [...names.add('OPTIONS')].sort().join(', ');
}

function toHandlers(
  { contract, answer, name }: BoundRoute,
  options: RouterOptions,
  parseBody: RequestHandler,
): RequestHandler[] {
  if ('forward' in answer) {
    const forward: RequestHandler = (req, res) => answer.forward(req, res);
    return contract.request?.body ? [readBody, forward] : [forward];
  }
  if (contract.auth !== 'public' && !options.verifyToken) {
    throw new TypeError(`route ${name}: auth ${contract.auth} needs verifyToken`);
  }
  const checkCaller: RequestHandler = async (req, res, next) => {
    res.locals.caller = await authenticate(req, contract.auth, options.verifyToken);
    next();
  };
  const handle: RequestHandler = async (req, res) => {
    const values = contract.request ? validate(req, contract.request) : {};
    const { caller } = res.locals;
    const input = { ...values, caller, address: req.ip ?? '' } as unknown as Input;
    const answered = await answer.handle(input);
    const full = answered instanceof Answer ? answered : new Answer(answered);
    if (options.checkResponses) checkResponse(contract, name, full.body);
    sendAnswer(req, res, contract, full);
  };
  // A stranger is turned away before a byte of the body is read.
  return contract.request?.body ? [checkCaller, parseBody, handle] : [checkCaller, handle];
}

function sendAnswer(req: Request, res: Response, contract: RouteContract, answer: Answer): void {
  const { method, cache, response } = contract;
  res.set({ 'Cache-Control': cache ?? 'no-store', ...answer.headers });
  if (isBare(response.status)) {
    res.status(response.status).end();
    return;
  }
  const text = response.type ? String(answer.body) : JSON.stringify(answer.body);
  const isRead = method === 'get';
  if ((isRead && cache) || answer.version !== undefined) {
    const tag = entityTag(text, answer.version);
    res.set('ETag', tag);
    if (isRead && isUnchanged(req.headers['if-none-match'], tag)) {
      res.status(304).end();
      return;
    }
  }
  res
    .status(response.status)
    .type(response.type ?? 'application/json')
    .send(text);
}

/** Nothing to read: done, or look elsewhere. */
export const isBare = (status: number): boolean =>
  status === 204 || (status >= 300 && status < 400);

function checkResponse(contract: RouteContract, name: string, body: unknown): void {
  const result = contract.response.body.safeParse(body);
  if (result.success) return;
  throw new TypeError(`route ${name} answers against its contract: ${result.error.message}`);
}
