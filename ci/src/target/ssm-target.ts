import { randomUUID } from 'node:crypto';
import type { SsmCommands } from '../aws/ssm-command.ts';
import { PipelineError } from '../errors.ts';
import { askHost } from './ask-host.ts';
import { curlArgs } from './curl.ts';
import { guardedScript, isLost, runSecondsOf } from './guarded-script.ts';
import { podProxyPath } from './pod-proxy.ts';
import { toAnswer } from './probe-answer.ts';
import {
  parseAnswer,
  parseHeader,
  partScript,
  type RemoteCall,
  remoteScript,
} from './remote-script.ts';
import type {
  GuardedCalls,
  GuardedOutput,
  KubectlCall,
  KubectlOutput,
  Probe,
  ProbeAnswer,
  Target,
} from './target.ts';

const probeSeconds = 8;

const noAnswer: KubectlOutput = { exitCode: 1, stdout: '', stderr: 'the guard left no output' };

/** A cluster on an EC2 instance, reached through AWS Systems Manager. */
export class SsmTarget implements Target {
  readonly description: string;
  readonly namespace: string;
  readonly #commands: SsmCommands;

  constructor(commands: SsmCommands, options: { instanceId: string; namespace: string }) {
    this.#commands = commands;
    this.namespace = options.namespace;
    this.description = `${options.instanceId} over SSM`;
  }

  async kubectl(calls: readonly KubectlCall[]): Promise<KubectlOutput[]> {
    return this.#run(
      'kubectl',
      calls.map((call) => this.#kubectlCall(call)),
    );
  }

  async guarded(asked: GuardedCalls): Promise<GuardedOutput> {
    const { id, guard, marker, calls, reads = [], withinSeconds } = asked;
    const script = {
      withinSeconds,
      guard: this.#kubectlCall(guard),
      marker: this.#kubectlCall(marker),
      calls: calls.map((call) => this.#kubectlCall(call)),
      reads: reads.map((call) => this.#kubectlCall(call)),
    };
    const comment = `whatsthecraic change ${id}`;
    const runSeconds = runSecondsOf(script) + 10;
    const printed = await this.#commands.run(guardedScript(id, script), { runSeconds, comment });
    if (isLost(id, printed)) {
      const what = `A change arrived at ${this.description}, but its end is not known.`;
      throw new PipelineError('COMMAND_ANSWER_LOST', what);
    }
    const [first, ...rest] = await this.#readAnswer(id, printed, comment);
    return {
      guard: first ?? noAnswer,
      outputs: rest.slice(0, calls.length),
      reads: rest.slice(calls.length),
    };
  }

  async probe(probes: readonly Probe[]): Promise<ProbeAnswer[]> {
    const outputs = await this.#run(
      'probe',
      probes.map((probe) => this.#probeCall(probe)),
    );
    return probes.map((probe, index) => toAnswer(probe, outputs[index]));
  }

  #probeCall(probe: Probe): RemoteCall {
    if (probe.via === 'ingress' && probe.tls) {
      return { argv: askHost(probe), timeoutSeconds: probeSeconds };
    }
    // The node reaches a pod itself, and sees the body of a 503, which the API server keeps back.
    if (probe.via !== 'pod' || probe.address !== '') {
      return { argv: ['curl', ...curlArgs(probe)], timeoutSeconds: probeSeconds };
    }
    const path = podProxyPath(this.namespace, probe.pod, probe.port);
    return { argv: ['kubectl', 'get', '--raw', path], timeoutSeconds: probeSeconds };
  }

  async #run(what: string, calls: readonly RemoteCall[]): Promise<KubectlOutput[]> {
    if (calls.length === 0) return [];
    const id = randomUUID();
    const runSeconds = Math.max(...calls.map((call) => call.timeoutSeconds)) + 10;
    const comment = `whatsthecraic ${what} ${id}`;
    const printed = await this.#commands.run(remoteScript(id, calls), { runSeconds, comment });
    return this.#readAnswer(id, printed, comment);
  }

  /** Fetches what did not fit into a command's output. */
  async #readAnswer(id: string, printed: string, comment: string): Promise<KubectlOutput[]> {
    const header = parseHeader(id, printed);
    let answer = header.part;
    while (answer.length < header.length) {
      const part = await this.#commands.run(partScript(id, answer.length), {
        runSeconds: 15,
        comment: `${comment} at ${answer.length}`,
      });
      if (part === '') break; // parseAnswer tells what is missing
      answer += part;
    }
    return parseAnswer(header, answer);
  }

  #kubectlCall(call: KubectlCall): RemoteCall {
    return {
      argv: ['kubectl', '--namespace', this.namespace, ...call.args],
      ...(call.input === undefined ? {} : { input: call.input }),
      timeoutSeconds: call.timeoutSeconds ?? 30,
      ...(call.leads ? { leads: true } : {}),
    };
  }
}
