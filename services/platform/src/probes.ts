import express, { type Router } from 'express';
import type { Health } from './health.ts';

/** `/livez`, `/readyz` and `/health`: before everything else, neither logged nor measured. */
export function createProbes(health: Health): Router {
  const router = express.Router();
  router.use(['/livez', '/readyz', '/health'], function neverCache(_req, res, next) {
    res.set('Cache-Control', 'no-store');
    next();
  });
  // Liveness says that the event loop turns: an outage elsewhere must not restart this process.
  router.get('/livez', (_req, res) => {
    res.status(200).type('text/plain').send('ok\n');
  });
  router.get('/readyz', (_req, res) => {
    const ready = health.isReady();
    res
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ready\n' : 'not ready\n');
  });
  router.get('/health', (_req, res) => {
    res.status(health.isReady() ? 200 : 503).json(health.report());
  });
  return router;
}
