import { AwsError } from '../errors.ts';
import type { ShellDocument } from './command.ts';

export const documentName = 'AWS-RunShellScript';
const documentBytes = 64 * 1024;
const longestDirectory = 4_096;

/** The document's own pattern for `executionTimeout`; it lets 1 to 4 pass, the agent does not. */
const executionTimeout =
  /^(([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800))$/;
const leastSeconds = 5;
const defaultSeconds = 3_600;

const isReference = /\{\{ *ssm(-secure)?:/;

/** Reads AWS-RunShellScript's parameters; refuses what the service refuses. */
export function readShellDocument(
  parameters: Readonly<Record<string, readonly string[]>>,
): ShellDocument {
  if (Buffer.byteLength(JSON.stringify(parameters)) > documentBytes) {
    throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.');
  }
  for (const name of Object.keys(parameters)) {
    if (!['commands', 'workingDirectory', 'executionTimeout'].includes(name)) {
      throw invalid(`Parameter ${name} is not defined in the document ${documentName}.`);
    }
  }
  const commands = parameters.commands ?? [];
  if (commands.length === 0) throw invalid('Missing required parameter: commands.');
  if (commands.some((line) => isReference.test(line))) {
    throw invalid('Parameter commands refers to a Parameter Store parameter that does not exist.');
  }
  const workingDirectory = single(parameters, 'workingDirectory') ?? '';
  if (workingDirectory.length > longestDirectory) {
    throw invalid(`Parameter workingDirectory is longer than ${longestDirectory} characters.`);
  }
  const limit = single(parameters, 'executionTimeout') ?? String(defaultSeconds);
  if (!executionTimeout.test(limit)) {
    throw invalid(
      `Parameter executionTimeout: ${limit} does not match the allowed pattern ${executionTimeout.source}.`,
    );
  }
  const seconds = Number(limit);
  return {
    commands,
    workingDirectory,
    executionSeconds: seconds < leastSeconds ? defaultSeconds : seconds,
  };
}

function single(
  parameters: Readonly<Record<string, readonly string[]>>,
  name: string,
): string | undefined {
  const values = parameters[name];
  if (values && values.length !== 1)
    throw invalid(`Parameter ${name} must have exactly one value.`);
  return values?.[0];
}

const invalid = (message: string) => new AwsError('InvalidParameters', message);
