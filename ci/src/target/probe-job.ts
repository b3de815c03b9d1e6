import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import { deleteJobCall } from '../job/job-state.ts';
import { smallJob } from '../job/small-job.ts';
import { toAnswer } from './probe-answer.ts';
import type { KubectlOutput, Probe, ProbeAnswer, Target } from './target.ts';

type NetworkProbe = Exclude<Probe, { via: 'pod' }>;

/** Seconds that the whole round may take, the pod's start included. */
const roundSeconds = 40;

/**
 * Asks Services and ingress hosts from inside the cluster, as a pod of our own sees them. A Job does
 * it with the image of a pod that is ready: that one is on the node already, and every image of the
 * platform holds Node.js.
 */
export async function askFromPod(
  target: Target,
  probes: readonly NetworkProbe[],
  clock: Clock = systemClock,
): Promise<ProbeAnswer[]> {
  const [found] = await target.kubectl([
    {
      args: [
        'get',
        'pods',
        '--selector=app.kubernetes.io/part-of=whatsthecraic',
        '-o',
        'jsonpath={range .items[*]}{.status.containerStatuses[0].ready} {.spec.containers[0].image}{"\\n"}{end}',
      ],
    },
  ]);
  if (found?.exitCode !== 0) return probes.map((probe) => toAnswer(probe, found));
  const image = /^true (\S+)$/m.exec(found.stdout)?.[1];
  if (!image) {
    const error = 'no pod is ready whose image could ask it';
    return probes.map((probe) => ({ probe, body: '', error }));
  }

  const name = `probe-${randomBytes(4).toString('hex')}`;
  const [created] = await target.kubectl([
    { args: ['create', '-f', '-'], input: JSON.stringify(probeJob(name, image, probes)) },
  ]);
  if (created?.exitCode !== 0) return probes.map((probe) => toAnswer(probe, created));
  try {
    return await readAnswers(target, name, probes, clock);
  } finally {
    await target.kubectl([deleteJobCall(name)]);
  }
}

async function readAnswers(
  target: Target,
  name: string,
  probes: readonly NetworkProbe[],
  clock: Clock,
): Promise<ProbeAnswer[]> {
  const deadline = clock.monotonic() + roundSeconds * 1_000;
  let last: KubectlOutput | undefined;
  while (clock.monotonic() < deadline) {
    await clock.sleep(400);
    [last] = await target.kubectl([{ args: ['logs', `job/${name}`, '--tail=-1'] }]);
    const answers = parseAnswers(last?.stdout ?? '', probes);
    if (answers) return answers;
  }
  const error = `the probing Job gave no answer in ${roundSeconds} s: ${last?.stderr.trim() ?? ''}`;
  return probes.map((probe) => ({ probe, body: '', error }));
}

/** Reads the Job's output: one line of JSON, `[{body, error?, certificate?}, …]` in the order asked. */
export function parseAnswers(
  output: string,
  probes: readonly NetworkProbe[],
): ProbeAnswer[] | undefined {
  // Only whole lines: the log may be read while it is being written.
  const line = output
    .split('\n')
    .slice(0, -1)
    .find((text) => text.startsWith('['));
  if (!line) return undefined;
  const answers = JSON.parse(line) as Omit<ProbeAnswer, 'probe'>[];
  return probes.map((probe, index) => ({ body: '', ...answers[index], probe }));
}

/** The Job: one container that asks everything at once and ends. */
export const probeJob = (name: string, image: string, probes: readonly NetworkProbe[]): object =>
  smallJob({
    ...{ name, does: 'probe', seconds: roundSeconds },
    containers: [
      {
        ...{ name: 'probe', image },
        command: ['/usr/local/bin/node', '--input-type=module', '-e', askingProgram],
        env: [{ name: 'QUESTIONS', value: JSON.stringify(probes.map(toQuestion)) }],
        resources: {
          requests: { cpu: '50m', memory: '48Mi' },
          limits: { cpu: '500m', memory: '96Mi' },
        },
      },
    ],
  });

function toQuestion(probe: NetworkProbe) {
  if (probe.via === 'service') {
    return { tls: false, host: probe.address, port: probe.port, name: probe.service };
  }
  return { tls: probe.tls, host: probe.address, port: probe.tls ? 443 : 80, name: probe.host };
}

/** Runs in the Job's container. Each question is a connection of its own: no agent keeps one. */
const askingProgram = `
import http from 'node:http';
import https from 'node:https';
const doubtful = (socket) => socket.authorized === false ? { certificate: {
  problem: String(socket.authorizationError),
  names: (socket.getPeerCertificate().subjectaltname ?? '').split(', ').filter(Boolean)
    .map((text) => text.replace(/^DNS:/, '')) } } : {};
const ask = ({ tls, host, port, name }) => new Promise((resolve) => {
  const options = { host, port, path: '/health', agent: false, timeout: 5000,
    headers: { host: name }, servername: name, rejectUnauthorized: false };
  const request = (tls ? https : http).request(options, (response) => {
    let body = '';
    const certificate = doubtful(response.socket);
    response.setEncoding('utf8').on('data', (text) => { body += text; });
    response.on('end', () => resolve({ body, ...certificate }));
  });
  request.on('timeout', () => request.destroy(new Error('no answer within 5 s')));
  request.on('error', (error) => resolve({ body: '', error: error.message }));
  request.end();
});
const answers = await Promise.all(JSON.parse(process.env.QUESTIONS).map(ask));
console.log(JSON.stringify(answers));
`;
