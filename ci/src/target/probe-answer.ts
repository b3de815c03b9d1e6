import { readCertificate } from './ask-host.ts';
import type { KubectlOutput, Probe, ProbeAnswer } from './target.ts';

/**
 * All that the API server's proxy hands on of a 503: not the body, which Kubernetes 1.34 drops.
 * What answers so is a service that is not ready.
 */
const unready = /the server is currently unable to handle the request/;

export function toAnswer(probe: Probe, output: KubectlOutput | undefined): ProbeAnswer {
  if (!output) return { probe, body: '', error: 'no answer came back' };
  const certificate = readCertificate(output.stderr);
  if (output.stdout !== '') {
    return { probe, body: output.stdout, ...(certificate ? { certificate } : {}) };
  }
  const said = output.stderr.trim().replace(/^Error from server \(\w+\): /, '');
  if (unready.test(said)) return { probe, body: '', error: 'it answered 503, it is not ready' };
  return { probe, body: '', error: said || `ended with exit code ${output.exitCode}` };
}
