import { symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { curlArgs } from '../../src/target/curl.ts';
import { makeNode, runCalls, type Shell } from './shells.ts';

const shell: Shell = { name: 'sh', argv: ['dash'], tools: 'own' };

/** A node with wget and without curl. Debian's busybox has a wget that crashes, so it is GNU's. */
async function nodeWithoutCurl(t: ExecutionContext) {
  const node = await makeNode(t, shell);
  await symlink('/usr/bin/wget', join(node.bin, 'wget'));
  return node;
}

async function serve(t: ExecutionContext, status: number) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    response.writeHead(status).end('{"service":"aggregator"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { asked, port: (server.address() as AddressInfo).port };
}

test('curl by wget – a Service – answers its body', async (t) => {
  const { port, asked } = await serve(t, 200);
  const probe = { via: 'service', service: 'aggregator', port, address: '127.0.0.1' } as const;

  const { outputs } = await runCalls(await nodeWithoutCurl(t), [
    { argv: ['curl', ...curlArgs(probe)], timeoutSeconds: 8 },
  ]);

  t.is(outputs[0]?.stdout, '{"service":"aggregator"}', outputs[0]?.stderr);
  t.deepEqual(asked, [`127.0.0.1:${port} /health`]);
});

test('curl by wget – an ingress host – is asked at the given address by its name', async (t) => {
  const { port, asked } = await serve(t, 200);
  const resolve = ['--resolve', `api.example.org:${port}:127.0.0.1`];
  const argv = ['curl', '--silent', '--insecure', ...resolve, '--max-time', '5'];

  const { outputs } = await runCalls(await nodeWithoutCurl(t), [
    { argv: [...argv, `http://api.example.org:${port}/health`], timeoutSeconds: 8 },
  ]);

  t.is(outputs[0]?.stdout, '{"service":"aggregator"}', outputs[0]?.stderr);
  t.deepEqual(asked, ['api.example.org /health']);
});

test('curl by wget – a service that is not ready – fails', async (t) => {
  const { port } = await serve(t, 503);
  const probe = { via: 'service', service: 'aggregator', port, address: '127.0.0.1' } as const;

  const { outputs } = await runCalls(await nodeWithoutCurl(t), [
    { argv: ['curl', ...curlArgs(probe)], timeoutSeconds: 8 },
  ]);

  t.not(outputs[0]?.exitCode, 0);
  t.not(outputs[0]?.exitCode, 127);
});
