import { runProcess } from '../process.ts';
import { podProxyPath } from './pod-proxy.ts';
import { toAnswer } from './probe-answer.ts';
import { askFromPod } from './probe-job.ts';
import type {
  GuardedCalls,
  GuardedOutput,
  KubectlCall,
  KubectlOutput,
  Probe,
  ProbeAnswer,
  Target,
} from './target.ts';

export interface KubeconfigOptions {
  /** Path of the kubectl program. */
  readonly kubectl: string;
  /** Path of the kubeconfig file; nothing else says which cluster is meant. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** Any cluster that a kubeconfig reaches; kubectl runs as a child process. */
export class KubeconfigTarget implements Target {
  readonly description: string;
  readonly namespace: string;
  readonly #options: KubeconfigOptions;
  /** What ran behind a guard, by its id, for a text that is sent again. */
  readonly #ran = new Map<string, Promise<GuardedOutput>>();

  constructor(options: KubeconfigOptions) {
    this.#options = options;
    this.description = 'the cluster of the kubeconfig';
    this.namespace = options.namespace;
  }

  async kubectl(calls: readonly KubectlCall[]): Promise<KubectlOutput[]> {
    const led = new Map<KubectlCall, KubectlOutput>();
    for (const call of calls) if (call.leads) led.set(call, await this.#kubectl(call));
    return Promise.all(calls.map((call) => led.get(call) ?? this.#kubectl(call)));
  }

  async guarded(asked: GuardedCalls): Promise<GuardedOutput> {
    const running = this.#ran.get(asked.id) ?? this.#guarded(asked);
    this.#ran.set(asked.id, running);
    const output = await running;
    if (output.guard.exitCode !== 0) this.#ran.delete(asked.id);
    return output;
  }

  async #guarded(asked: GuardedCalls): Promise<GuardedOutput> {
    const { id, guard, marker, calls, reads = [], withinSeconds } = asked;
    const end = performance.now() + withinSeconds * 1_000;
    const passed = await this.#pass(id, guard, marker);
    if (passed.exitCode !== 0) return { guard: passed, outputs: [], reads: [] };
    const outputs: KubectlOutput[] = [];
    for (const call of calls) {
      const left = Math.max(0.01, (end - performance.now()) / 1_000);
      const timeoutSeconds = Math.min(call.timeoutSeconds ?? 30, left);
      const output = await this.#kubectl({ ...call, timeoutSeconds });
      outputs.push(output);
      if (output.exitCode !== 0) return { guard: passed, outputs, reads: [] };
    }
    return { guard: passed, outputs, reads: await this.kubectl(reads) };
  }

  /** A guard that was refused may have been passed all the same, its answer lost: the marker tells. */
  async #pass(id: string, guard: KubectlCall, marker: KubectlCall): Promise<KubectlOutput> {
    const output = await this.#kubectl(guard);
    if (output.exitCode === 0) return output;
    const found = await this.#kubectl(marker);
    return found.exitCode === 0 && found.stdout.includes(id) ? found : output;
  }

  async probe(probes: readonly Probe[]): Promise<ProbeAnswer[]> {
    const fromPod = probes.filter((probe) => probe.via !== 'pod');
    const [direct, asked] = await Promise.all([
      Promise.all(
        probes
          .filter((probe) => probe.via === 'pod')
          .map(async (probe) => {
            const path = podProxyPath(this.namespace, probe.pod, probe.port);
            return toAnswer(probe, await this.#kubectl({ args: ['get', '--raw', path] }));
          }),
      ),
      fromPod.length === 0 ? [] : askFromPod(this, fromPod),
    ]);
    const answers = new Map([...direct, ...asked].map((answer) => [answer.probe, answer]));
    return probes.map((probe) => answers.get(probe) ?? toAnswer(probe, undefined));
  }

  #kubectl(call: KubectlCall): Promise<KubectlOutput> {
    const { kubectl, kubeconfig, namespace } = this.#options;
    const argv = [kubectl, '--kubeconfig', kubeconfig, '--namespace', namespace, ...call.args];
    return runProcess(argv, {
      timeoutMs: (call.timeoutSeconds ?? 30) * 1_000,
      ...(call.input === undefined ? {} : { input: call.input }),
      // A kubeconfig may name a credential helper, so PATH and HOME stay; KUBECONFIG does not.
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
  }
}
