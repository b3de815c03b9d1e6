import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { VerifyToken } from './authenticate.ts';
import { NotFound } from './errors.ts';
import type { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { observe } from './observe.ts';
import { type ApiInfo, openApiDocument } from './openapi.ts';
import { createProbes } from './probes.ts';
import { problemHandler } from './problem.ts';
import type { BoundRoute } from './route.ts';
import { createRouter } from './routes.ts';

export interface AppOptions {
  readonly api: ApiInfo;
  readonly routes: readonly BoundRoute[];
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly verifyToken?: VerifyToken;
  /** What each request passes first, after its ids and before its route: limits, compression. */
  readonly before?: readonly RequestHandler[];
  /** Pages for people, served before the API's own answer to an unknown path. */
  readonly pages?: RequestHandler;
  readonly checkResponses?: boolean;
}

/** An Express application that answers the probes, the route table and `/openapi.json`. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  // Pods, nodes and Traefik are the only hops; a public address is the caller's own word.
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');

  app.use(apiHeaders());
  app.use(createProbes(options.health));
  app.use(observe(options.log, options.metrics));
  for (const handler of options.before ?? []) app.use(handler);
  app.get('/openapi.json', describeApi(options));
  app.use(createRouter(options.routes, options));
  if (options.pages) app.use(options.pages);
  app.use(function refusePath(req) {
    throw new NotFound(
      `there is no ${req.path} here; /openapi.json lists what there is`,
      'no_such_route',
    );
  });
  app.use(problemHandler(options.log));
  return app;
}

/** helmet's headers for a service that answers data: nothing in an answer may load anything. */
const apiHeaders = () =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
  });

function describeApi({ api, routes }: AppOptions): RequestHandler {
  let document: string | undefined;
  return function sendApiDocument(_req, res) {
    res.locals.route = '/openapi.json';
    document ??= JSON.stringify(openApiDocument(api, routes));
    res.set('Cache-Control', 'public, max-age=60').type('application/json').send(document);
  };
}
