import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import type { ServiceHealth } from '../../src/health/verify.ts';
import { healthResult } from '../../src/report/health-result.ts';
import { healthText } from '../../src/report/health-text.ts';

const health = (service: string, more: Partial<ServiceHealth> = {}): ServiceHealth => ({
  service,
  critical: true,
  healthy: true,
  message: '1 pod, Service, 1 ingress host',
  findings: [],
  source: 'src-1f2e3d4c5b6a',
  commit: '0123456789abcdef',
  ...more,
});
const finding = (via: 'pod' | 'service' | 'ingress', subject: string, message: string) => ({
  service: 'dj-service',
  via,
  subject,
  healthy: false,
  message,
});
const refused = 'gave no answer: connection refused';
const ill = health('dj-service', {
  healthy: false,
  source: '',
  commit: '',
  message: `pod dj-1 ${refused}`,
  findings: [
    finding('pod', 'dj-1', refused),
    finding('service', '10.0.0.2', refused),
    finding('service', '10.0.0.2', refused),
    finding('ingress', 'dj.ie', 'answered something else than health: "404"'),
    { ...finding('pod', 'dj-2', 'says ok'), healthy: true },
  ],
});

test('healthText – all healthy – a line each and one for all', (t) => {
  t.is(
    healthText('i-1 over SSM', [health('aggregator'), health('ml-service')]),
    `Health of i-1 over SSM

SERVICE     RELEASE       COMMIT        HEALTH
aggregator  src-1f2e3d4c  0123456789ab  healthy: 1 pod, Service, 1 ingress host
ml-service  src-1f2e3d4c  0123456789ab  healthy: 1 pod, Service, 1 ingress host

All 2 services are healthy.`,
  );
});

test('healthText – one ill, never deployed by a release – all that is wrong, each once', (t) => {
  t.is(
    healthText('i-1 over SSM', [health('aggregator'), ill]),
    `Health of i-1 over SSM

SERVICE     RELEASE       COMMIT        HEALTH
aggregator  src-1f2e3d4c  0123456789ab  healthy: 1 pod, Service, 1 ingress host
dj-service  unrecorded    unrecorded    UNHEALTHY: pod dj-1 gave no answer: connection refused

dj-service also:
  Service 10.0.0.2 gave no answer: connection refused
  ingress dj.ie answered something else than health: "404"

1 of 2 services is not healthy: dj-service.`,
  );
});

test('healthResult – all healthy – the report; one ill – thrown with its code', (t) => {
  t.regex(healthResult('x', [health('aggregator')], 'text'), /All 1 services/);
  t.true(JSON.parse(healthResult('x', [health('aggregator')], 'json')).healthy);
  const error = t.throws(() => healthResult('x', [ill], 'text'), { instanceOf: PipelineError });
  t.is(error?.code, 'UNHEALTHY');
  t.regex(error?.message ?? '', /code: UNHEALTHY$/);
});
