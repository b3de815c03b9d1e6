import type { z } from 'zod';

/** One environment variable: how it is read, and what to tell whoever set it wrongly. */
export class Setting<S extends z.ZodType = z.ZodType> {
  readonly variable: string;
  readonly schema: S;
  readonly help: SettingHelp;

  constructor(variable: string, schema: S, help: SettingHelp) {
    this.variable = variable;
    this.schema = schema;
    this.help = help;
  }
}

export interface SettingHelp {
  /** Completes the sentence "PORT must be …". */
  readonly expected: string;
  /** A value to copy, or for a secret a command that makes one. */
  readonly example: string;
  readonly secret?: boolean;
}

export interface Settings {
  readonly [name: string]: Setting | Settings;
}

export type ConfigOf<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer Schema> ? z.output<Schema> : ConfigOf<S[K]>;
};

/** Settings that are missing or wrong: all of them, each with its cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'one setting is' : `${problems.length} settings are`;
    super(`${count} missing or wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads every setting from the environment; throws one `ConfigError` that lists all problems. */
export function readConfig<const S extends Settings>(
  settings: S,
  env: NodeJS.ProcessEnv = process.env,
): ConfigOf<S> {
  const problems: string[] = [];
  const config = readGroup(settings, env, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return config as ConfigOf<S>;
}

function readGroup(settings: Settings, env: NodeJS.ProcessEnv, problems: string[]): object {
  const values: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(settings)) {
    if (!(node instanceof Setting)) {
      values[name] = readGroup(node, env, problems);
      continue;
    }
    // Kubernetes and shells hand over an unset value as an empty one.
    const text = env[node.variable] || undefined;
    const result = node.schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else problems.push(describeProblem(node, text));
  }
  return Object.freeze(values);
}

function describeProblem({ variable, help }: Setting, text: string | undefined): string {
  const cure = help.secret
    ? `make one with: ${help.example}`
    : `for example ${variable}=${help.example}`;
  if (text === undefined) return `${variable} is not set; it must be ${help.expected}; ${cure}`;
  const found = help.secret ? `has ${Buffer.byteLength(text)} bytes` : `is ${JSON.stringify(text)}`;
  return `${variable} ${found}; it must be ${help.expected}; ${cure}`;
}
