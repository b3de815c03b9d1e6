import { readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeCertificate } from '../../../local/traefik/certificate.ts';
import { runProcess } from '../../src/process.ts';
import { askHost, readCertificate } from '../../src/target/ask-host.ts';
import { toAnswer } from '../../src/target/probe-answer.ts';
import { parseAnswers, probeJob } from '../../src/target/probe-job.ts';
import { makeNode, runCalls, type Shell } from './shells.ts';

const shell: Shell = { name: 'sh', argv: ['dash'], tools: 'own' };
const probe = {
  via: 'ingress',
  service: 'aggregator',
  host: 'api.example.ie',
  address: '127.0.0.1',
  tls: true,
} as const;
const body = '{"service":"aggregator"}';

async function nodeWithCurl(t: ExecutionContext) {
  const node = await makeNode(t, shell);
  await symlink('/usr/bin/curl', join(node.bin, 'curl'));
  return node;
}

/** A host over TLS with a certificate for these names, and the authority that vouches for it. */
async function serve(t: ExecutionContext, folder: string, names: readonly string[]) {
  const certificate = await makeCertificate(join(folder, 'tls'), names);
  const key = await readFile(certificate.replace(/crt$/, 'key'));
  const asked: string[] = [];
  const server = createServer({ key, cert: await readFile(certificate) }, (request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  // The real one is 443, which is not ours to take.
  const at = (argv: readonly string[]) =>
    argv.map((it) => it.replace(':443:', `:${port}:`).replace('.ie/', `.ie:${port}/`));
  return { certificate, asked, at, port };
}

async function ask(t: ExecutionContext, names: readonly string[], trusted: boolean) {
  const node = await nodeWithCurl(t);
  const { at, certificate, asked } = await serve(t, node.bin, names);
  const argv = at(askHost(probe));
  const env = trusted ? ['env', `CURL_CA_BUNDLE=${certificate}`, ...argv] : argv;
  const { outputs } = await runCalls(node, [{ argv: env, timeoutSeconds: 8 }]);
  return { answer: toAnswer(probe, outputs[0]), asked };
}

test('askHost – a certificate that is trusted – the body, and no doubt', async (t) => {
  const { answer, asked } = await ask(t, [probe.host], true);
  t.deepEqual(answer, { probe, body });
  t.is(asked.length, 1);
});

test('askHost – a certificate of another host – the body, and whose it is', async (t) => {
  const { answer } = await ask(t, ['other.ie', 'x.ie'], true);
  t.is(answer.body, body);
  t.deepEqual(answer.certificate?.names, ['other.ie', 'x.ie']);
});

test('askHost – a certificate of an unknown issuer – the body, and curl’s words', async (t) => {
  const { answer } = await ask(t, [probe.host], false);
  t.is(answer.body, body);
  t.deepEqual(answer.certificate?.names, [probe.host]);
  t.regex(answer.certificate?.problem ?? '', /self-signed certificate/);
});

test('askHost – nobody listens – curl’s words and no certificate', async (t) => {
  const argv = askHost(probe).map((it) => it.replace('.ie/', '.ie:1/').replace(':443:', ':1:'));
  const { outputs } = await runCalls(await nodeWithCurl(t), [{ argv, timeoutSeconds: 8 }]);
  const answer = toAnswer(probe, outputs[0]);
  t.regex(answer.error ?? '', /^curl: \(7\) /);
  t.is(answer.certificate, undefined);
});

test('readCertificate – curl before 7.88, which does not print certificates – the problem alone', (t) => {
  const printed = 'curl: (60) SSL certificate problem: certificate has expired\nMore details here';
  t.deepEqual(readCertificate(printed), {
    problem: 'SSL certificate problem: certificate has expired',
    names: [],
  });
});

test('probeJob – its program, a host over TLS – the same doubt in Node’s words', async (t) => {
  const node = await makeNode(t, shell);
  const { port } = await serve(t, node.bin, ['other.ie']);
  const job = probeJob('probe-1', 'r/a@sha256:1', [probe]) as {
    readonly spec: {
      readonly template: {
        readonly spec: {
          readonly containers: readonly [
            { readonly command: readonly string[]; readonly env: readonly [{ value: string }] },
          ];
        };
      };
    };
  };
  const [container] = job.spec.template.spec.containers;
  const { stdout } = await runProcess([process.execPath, ...container.command.slice(1)], {
    env: { QUESTIONS: container.env[0].value.replace('"port":443', `"port":${port}`) },
    timeoutMs: 20_000,
  });
  const [answer] = parseAnswers(stdout, [probe]) ?? [];
  t.is(answer?.body, body);
  t.deepEqual(answer?.certificate?.names, ['other.ie']);
});
