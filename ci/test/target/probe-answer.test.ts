import test from 'ava';
import { toAnswer } from '../../src/target/probe-answer.ts';
import type { Probe } from '../../src/target/target.ts';

const probe: Probe = { via: 'pod', service: 'dj-service', pod: 'dj-1', port: 4002, address: '' };
const failed = (stderr: string) => toAnswer(probe, { exitCode: 1, stdout: '', stderr });

test('toAnswer – a body – taken as it is, whatever the exit code', (t) => {
  const body = '{"service":"dj-service"}';
  t.deepEqual(toAnswer(probe, { exitCode: 22, stdout: body, stderr: 'x' }), { probe, body });
});

// As kubectl 1.34.2 printed it in front of a Kubernetes 1.34.2.
const wordings: Readonly<Record<string, readonly [string, string]>> = {
  'a service that answers 503': [
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request\n',
    'it answered 503, it is not ready',
  ],
  'nobody listens': [
    'Error from server (ServiceUnavailable): error trying to reach service: dial tcp 10.86.64.6:4999: connect: connection refused\n',
    'error trying to reach service: dial tcp 10.86.64.6:4999: connect: connection refused',
  ],
  'no such pod': ['Error from server (NotFound): pods "nope" not found\n', 'pods "nope" not found'],
  'a service that answers 500': [
    'Error from server (InternalError): an error on the server ("unknown") has prevented the request from succeeding\n',
    'an error on the server ("unknown") has prevented the request from succeeding',
  ],
  'curl, refused': [
    "curl: (7) Failed to connect to 10.43.0.7 port 4002 after 0 ms: Couldn't connect to server\n",
    "curl: (7) Failed to connect to 10.43.0.7 port 4002 after 0 ms: Couldn't connect to server",
  ],
};

for (const [situation, [stderr, error]] of Object.entries(wordings)) {
  test(`toAnswer – ${situation} – no body, and why in few words`, (t) => {
    t.deepEqual(failed(stderr), { probe, body: '', error });
  });
}

test('toAnswer – killed at its limit, or nothing came back – says so', (t) => {
  t.is(
    toAnswer(probe, { exitCode: 137, stdout: '', stderr: '' }).error,
    'ended with exit code 137',
  );
  t.is(toAnswer(probe, undefined).error, 'no answer came back');
});
