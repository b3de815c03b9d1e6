import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { runProcess } from '../../src/process.ts';
import { askFromPod, parseAnswers, probeJob } from '../../src/target/probe-job.ts';
import type { KubectlCall, KubectlOutput, Probe } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { readOnly } from '../read-only.ts';

type NetworkProbe = Exclude<Probe, { via: 'pod' }>;
const service = (port: number, address = '127.0.0.1'): NetworkProbe => ({
  via: 'service',
  service: 'dj-service',
  port,
  address,
});
const ingress: NetworkProbe = {
  via: 'ingress',
  service: 'dj-service',
  host: 'dj.ie',
  address: '10.0.0.9',
  tls: true,
};

interface Job {
  readonly spec: {
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds: number;
    readonly ttlSecondsAfterFinished: number;
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: { readonly runAsNonRoot: boolean };
        readonly containers: readonly [
          {
            readonly image: string;
            readonly command: readonly string[];
            readonly env: readonly [{ readonly name: string; readonly value: string }];
            readonly securityContext: {
              readonly allowPrivilegeEscalation: boolean;
              readonly readOnlyRootFilesystem: boolean;
              readonly capabilities: { readonly drop: readonly string[] };
            };
          },
        ];
      };
    };
  };
}
const jobOf = (probes: readonly NetworkProbe[]) =>
  probeJob('probe-1', 'r/a@sha256:1', probes) as Job;

test('probeJob – what it may do – ends by itself, no rights, no token, never again', (t) => {
  const { spec } = jobOf([service(80)]);
  const pod = spec.template.spec;
  const [container] = pod.containers;
  t.is(spec.backoffLimit, 0);
  t.true(spec.activeDeadlineSeconds <= 60);
  t.true(spec.ttlSecondsAfterFinished <= 300);
  t.is(pod.restartPolicy, 'Never');
  t.false(pod.automountServiceAccountToken);
  t.true(pod.securityContext.runAsNonRoot);
  t.false(container.securityContext.allowPrivilegeEscalation);
  t.true(container.securityContext.readOnlyRootFilesystem);
  t.deepEqual(container.securityContext.capabilities.drop, ['ALL']);
  t.is(container.image, 'r/a@sha256:1');
});

test('probeJob – its program, run for real – asks all at once, in order, whatever the status', async (t) => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.headers.host} ${request.url}`);
    response.writeHead(503).end('{"service":"dj-service","status":"unready"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const probes = [service(port), service(1), service(port)];
  const [container] = jobOf(probes).spec.template.spec.containers;
  const [, ...args] = container.command;
  const { stdout } = await runProcess([process.execPath, ...args], {
    env: { [container.env[0].name]: container.env[0].value },
    timeoutMs: 20_000,
  });
  const answers = parseAnswers(stdout, probes);
  t.is(answers?.[0]?.body, '{"service":"dj-service","status":"unready"}');
  t.regex(answers?.[1]?.error ?? '', /ECONNREFUSED/);
  t.is(answers?.[2]?.body, answers?.[0]?.body);
  t.deepEqual(seen, ['dj-service /health', 'dj-service /health']);
});

test('parseAnswers – nothing yet, half a line, noise before it – waits for a whole line', (t) => {
  const probes = [service(80), ingress];
  const line = '[{"body":"a"},{"body":"","error":"refused"}]';
  t.is(parseAnswers('', probes), undefined);
  t.is(parseAnswers(line.slice(0, 20), probes), undefined);
  t.is(parseAnswers(line, probes), undefined);
  t.deepEqual(parseAnswers(`(node:1) Warning: x\n${line}\n`, probes), [
    { probe: service(80), body: 'a' },
    { probe: ingress, body: '', error: 'refused' },
  ]);
});

function target(answer: (call: KubectlCall) => KubectlOutput) {
  const calls: KubectlCall[] = [];
  return {
    calls,
    description: 'x',
    namespace: 'whatsthecraic',
    kubectl: async (asked: readonly KubectlCall[]) => {
      calls.push(...asked);
      return asked.map(answer);
    },
    probe: async () => [],
    ...readOnly,
  };
}
const done = (stdout = ''): KubectlOutput => ({ exitCode: 0, stdout, stderr: '' });
const no = (stderr: string): KubectlOutput => ({ exitCode: 1, stdout: '', stderr });

test('askFromPod – the Job answers after a while – its answers, and it is removed', async (t) => {
  const clock = fakeClock();
  const fake = target(({ args: [verb] }) => {
    if (verb === 'get') return done('true r/a@sha256:1\n');
    if (verb !== 'logs') return done();
    return clock.seconds() < 3 ? no('container is waiting to start') : done('[{"body":"a"}]\n');
  });
  const answers = await askFromPod(fake, [service(80)], clock);
  t.is(answers[0]?.body, 'a');
  t.is(fake.calls.at(-1)?.args[0], 'delete');
});

test('askFromPod – the Job never answers – told within its limit, and it is removed', async (t) => {
  const clock = fakeClock();
  const fake = target(({ args: [verb] }) =>
    verb === 'get' ? done('true r/a@sha256:1\n') : verb === 'logs' ? no('ErrImagePull') : done(),
  );
  const answers = await askFromPod(fake, [service(80)], clock);
  t.regex(answers[0]?.error ?? '', /gave no answer in \d+ s: ErrImagePull/);
  t.true(clock.seconds() < 60);
  t.is(fake.calls.at(-1)?.args[0], 'delete');
});

test('askFromPod – the Job is refused – kubectl’s words, and no wait', async (t) => {
  const clock = fakeClock();
  const fake = target(({ args: [verb] }) =>
    verb === 'get' ? done('true r/a@sha256:1\n') : no('jobs.batch is forbidden'),
  );
  const answers = await askFromPod(fake, [service(80)], clock);
  t.is(answers[0]?.error, 'jobs.batch is forbidden');
  t.is(clock.seconds(), 0);
});

test('askFromPod – no pod is ready – said, and no Job made', async (t) => {
  const fake = target(() => done('false r/a@sha256:1\n r/b@sha256:2\n'));
  const answers = await askFromPod(fake, [service(80)], fakeClock());
  t.regex(answers[0]?.error ?? '', /no pod is ready/);
  t.false(fake.calls.some((call) => call.args[0] === 'create'));
});

test('askFromPod – one service’s image cannot be pulled – the image of one that runs', async (t) => {
  const fake = target(({ args: [verb] }) =>
    verb === 'get'
      ? done('false r/broken@sha256:0\ntrue r/good@sha256:1\n')
      : done('[{"body":"a"}]\n'),
  );
  await askFromPod(fake, [service(80)], fakeClock());
  const created = fake.calls.find((call) => call.args[0] === 'create')?.input ?? '';
  t.is((JSON.parse(created) as Job).spec.template.spec.containers[0].image, 'r/good@sha256:1');
});
