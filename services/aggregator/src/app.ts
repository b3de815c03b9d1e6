import { createApp } from '@whatsthecraic/platform/app';
import { createHealth } from '@whatsthecraic/platform/health';
import { createLog, type Log } from '@whatsthecraic/platform/log';
import { createMetrics } from '@whatsthecraic/platform/metrics';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import {
  createUpstream,
  createUpstreamDuration,
  type Upstream,
  type UpstreamOptions,
} from '@whatsthecraic/platform/upstream/upstream';
import { warmUpPaths } from '@whatsthecraic/platform/warm-up';
import express from 'express';
import type { Config, UpstreamKey } from './config.ts';
import { publishedRoutes } from './contract.ts';
import { createDocsPage } from './docs/docs-page.ts';
import { createSharedReads } from './domain/shared-reads.ts';
import { upstreamDependency } from './domain/upstream-health.ts';
import { contract as own } from './gigs/contract.ts';
import { createListGigs } from './gigs/list-gigs.ts';
import { createRateLimit } from './limits/rate-limit.ts';
import { createVerifiedUsers } from './limits/verified-users.ts';
import { createAccountPages } from './routes/account-pages.ts';
import { createCompression } from './routes/compress.ts';
import { createForward } from './routes/forward.ts';
import { createFrontPage } from './routes/front-page.ts';

const NAME = 'aggregator';

export interface AggregatorOverrides
  extends Pick<UpstreamOptions, 'connectMs' | 'deadlineMs' | 'restMs'> {
  readonly log?: Log;
  readonly patienceMs?: number;
}

/** The public API: one door to the other five. */
export function createAggregator(config: Config, overrides: AggregatorOverrides = {}): Service {
  const { source, commit } = config;
  const { log = createLog({ service: NAME, level: config.logLevel, commit }) } = overrides;
  const { log: _, patienceMs = 1_000, ...limits } = overrides;
  const metrics = createMetrics({ service: NAME, source, commit });
  const duration = createUpstreamDuration(metrics);
  const open = (key: UpstreamKey): Upstream =>
    createUpstream({ name: `${key}-service`, url: config.upstreams[key], duration, ...limits });
  const upstreams: Readonly<Record<UpstreamKey, Upstream>> = {
    auth: open('auth'),
    events: open('events'),
    dj: open('dj'),
    venue: open('venue'),
    ml: open('ml'),
  };
  const all = Object.values(upstreams);
  const dependencies = all.map(upstreamDependency);
  const health = createHealth({ service: NAME, source, commit, dependencies, log });
  const reads = createSharedReads();
  const users = createVerifiedUsers();
  const forwarded = publishedRoutes.map((route) => ({
    name: route.name,
    contract: route.outer,
    answer: {
      forward: createForward(route, {
        upstream: upstreams[route.upstream],
        reads,
        onAnswer(req, status) {
          if (route.inner.auth !== 'public') users.learn(req.headers.authorization, status);
        },
      }),
    },
  }));
  const sources = { ...upstreams, reads, log };
  const routes = [
    ...forwarded,
    ...bindRoutes(own, { listGigs: createListGigs({ ...sources, patienceMs }) }),
  ];
  const pages = express.Router();
  pages.use(createFrontPage(sources));
  pages.use(createAccountPages(upstreams));
  pages.use(createDocsPage());
  const app = createApp({
    api: {
      title: 'What’s the Craic',
      version: commit ?? '0.0.0',
      description: 'Gigs in Ireland: events, DJs, venues, recommendations.',
    },
    routes,
    before: [
      createRateLimit({ perMinute: config.requestsPerMinute, users }),
      ...createCompression(),
    ],
    pages,
    health,
    metrics,
    log,
  });
  return {
    app,
    health,
    metrics,
    log,
    warmUpPaths: warmUpPaths(routes),
    close: async () => {
      await Promise.all(all.map((upstream) => upstream.close()));
    },
  };
}
