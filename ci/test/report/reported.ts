import type { ReleaseRecord } from '../../src/release/record.ts';
import { standingOf } from '../../src/release/standing.ts';
import type { Release, ServiceResult } from '../../src/report/release.ts';
import type { Moments, ReleaseTimeline } from '../../src/report/timeline.ts';
import { services } from '../../src/services.ts';

const image = (service: string, letter: string): string =>
  `registry.example.com/whatsthecraic/${service}@sha256:${letter.repeat(64)}`;

/** Seconds at which each service was ready, in a release that went well. */
const readyAt: Readonly<Record<string, number>> = {
  aggregator: 44.1,
  'auth-service': 43,
  'events-service': 46.2,
  'venue-service': 43.4,
  'ml-service': 52.6,
};

const moments = (ready: number, began = 0): Moments => ({
  ...(began === 0 ? { image: 2.1 } : {}),
  created: began + 35.2,
  pulled: ready - 6,
  started: ready - 5.5,
  ready,
  oldGone: ready + 6.4,
});

const result = (service: string, more: Partial<ServiceResult> = {}): ServiceResult => ({
  ...{ service, critical: services.find((it) => it.name === service)?.critical ?? false },
  ...{ proven: true, built: true, newPods: 1, restarts: 0 },
  ...{ before: image(service, 'b'), image: image(service, 'a'), source: 'src-1f2e3d4c5b6a' },
  ...{ readySeconds: (readyAt[service] ?? 40) - 34, code: 'HEALTHY', message: '1 pod, Service' },
  ...more,
});

const timeline = (
  more: ReleaseTimeline['services'],
  ends: { rollout: number; total: number },
): ReleaseTimeline => ({
  phases: [
    { name: 'images', from: 0, to: 31.5 },
    { name: 'pull', from: 31.5, to: 34 },
    { name: 'apply', from: 34, to: 35 },
    { name: 'rollout', from: 35, to: ends.rollout },
    { name: 'verify', from: ends.rollout, to: ends.rollout + 1.2 },
    { name: 'soak', from: ends.rollout + 1.2, to: ends.total },
  ],
  services: {
    ...Object.fromEntries(Object.entries(readyAt).map(([name, at]) => [name, moments(at)])),
    ...more,
  },
});

const record = (release: Release): ReleaseRecord => ({
  release,
  standing: standingOf(release.services),
});

const common: Omit<Release, 'services' | 'state'> = {
  id: '20261123t020000z-0123456',
  overlay: 'production',
  target: 'i-077f139e329506bf5 over SSM',
  commit: '0123456789abcdef0123456789abcdef01234567',
  branch: 'main',
  by: 'UT07',
  startedAt: '2026-11-23T02:00:00.000Z',
  seconds: { images: 31.5, apply: 1, serving: 24, verified: 61.2, total: 120.2 },
};

/** All six services proven; one of them was kept. */
export const verified: ReleaseRecord = record({
  ...common,
  state: 'verified',
  services: services.map(({ name }) =>
    name === 'dj-service'
      ? result(name, { newPods: 0, built: false, before: image(name, 'a'), readySeconds: 0 })
      : result(name),
  ),
  timeline: timeline({ 'dj-service': { image: 1.4 } }, { rollout: 59, total: 120.2 }),
});

const { readySeconds: _, ...crashing } = result('dj-service', {
  ...{ proven: false, code: 'CRASHED', exitCode: 1, restarts: 3 },
  message: 'the container exited with code 1 3 times',
  evidence: {
    ...{ service: 'dj-service', pod: 'dj-service-7d9f-x2x', log: ['FATAL missing DB_HOST'] },
    warnings: ['BackOff (3×) Pod/dj-service-7d9f-x2x: Back-off restarting failed container'],
  },
});

/** One service crashed and went back alone. */
export const degraded: ReleaseRecord = record({
  ...common,
  state: 'degraded',
  services: services.map(({ name }) => (name === 'dj-service' ? crashing : result(name))),
  timeline: {
    ...timeline(
      { 'dj-service': { image: 12.3, created: 35.2, pulled: 38, started: 38.5 } },
      { rollout: 59, total: 66 },
    ),
    phases: [
      ...timeline({}, { rollout: 59, total: 66 }).phases,
      { name: 'back', from: 66, to: 104.6 },
    ],
  },
  wentBack: {
    ...{ to: '20261122t090000z-fedcba9', services: ['dj-service'], proven: true },
    timeline: {
      phases: [
        { name: 'apply', from: 0.4, to: 1.3 },
        { name: 'rollout', from: 1.3, to: 22 },
        { name: 'soak', from: 23, to: 38.6 },
      ],
      services: {
        'dj-service': { created: 1.6, pulled: 2.4, started: 3, ready: 14, oldGone: 21.5 },
      },
    },
  },
  seconds: { ...common.seconds, total: 104.6 },
});

export const hostile = `</title><script>alert("x")</script>' onload='y' & \u0000\ud800 | @everyone [a](http://b) \`c\``;

/** Every text that others wrote is as bad as it can be, and of another service there is nothing. */
export const dangerous: ReleaseRecord = record({
  ...common,
  ...{ state: 'failed', branch: hostile, target: hostile, by: hostile, restores: hostile },
  services: [
    {
      ...crashing,
      message: `${hostile}\n${hostile}`,
      evidence: { service: 'dj-service', log: [], warnings: [hostile, 'x'.repeat(20_000)] },
    },
    result('aggregator', { before: '', image: '', message: hostile }),
  ],
  wentBack: { to: hostile, services: [hostile], proven: false, trouble: hostile },
});

/** As the first pipeline wrote it: no timeline, no restarts, nothing of what ran before. */
export const old: ReleaseRecord = record({
  ...common,
  state: 'verified',
  services: services.map(({ name }) => {
    const { before: _before, restarts: _restarts, ...rest } = result(name);
    return rest;
  }),
});

/** One that has only begun. */
export const begun: ReleaseRecord = {
  release: { ...common, state: 'deploying', services: [] },
  standing: {},
};

export const records = { verified, degraded, dangerous, old, begun };
