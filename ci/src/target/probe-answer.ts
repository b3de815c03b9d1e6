import type { KubectlOutput, Probe, ProbeAnswer } from './target.ts';

/**
 * The API server's proxy answers 503 with the service's own body inside its message; a service that
 * is not ready must be read through it as well.
 */
const proxied = /^Error from server \((?:ServiceUnavailable|InternalError)\): (.*)$/s;

export function toAnswer(probe: Probe, output: KubectlOutput | undefined): ProbeAnswer {
  if (!output) return { probe, body: '', error: 'no answer came back' };
  if (output.stdout !== '') return { probe, body: output.stdout };
  const said = output.stderr.trim();
  const inner = proxied.exec(said)?.[1]?.trim();
  if (inner?.startsWith('{')) return { probe, body: inner };
  return { probe, body: '', error: said || `ended with exit code ${output.exitCode}` };
}
