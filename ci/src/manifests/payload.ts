import { gzipSync } from 'node:zlib';
import { PipelineError } from '../errors.ts';
import type { KubectlCall } from '../target/target.ts';
import type { KubernetesObject } from './objects.ts';
import { printManifests } from './text.ts';

/** Under which name Kubernetes records the fields that the pipeline owns. */
export const fieldManager = 'whatsthecraic';

/**
 * Bytes that packed manifests may take in a command. SSM takes 64 KiB in all; the rest is for the
 * script around them.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
 */
const maxPackedBytes = 48 * 1024;

export interface ApplyOptions {
  /** Seconds after which the call is killed where it runs. */
  readonly timeoutSeconds?: number;
  /** Asks the server whether it would do it, and changes nothing. */
  readonly dryRun?: boolean;
  /** Takes the fields of the objects from whoever else has set them. */
  readonly force?: boolean;
  /** Under which name Kubernetes is to record the fields, in place of the pipeline's own. */
  readonly manager?: string;
}

/**
 * The call that asks the server what an apply would make of the objects. Where a field belongs to
 * somebody else they take it, so that there is an answer; the apply itself does not.
 */
export function previewCall(objects: readonly KubernetesObject[]): KubectlCall {
  const call = applyCall(objects, { dryRun: true, force: true });
  return { ...call, args: [...call.args, '--output=json'] };
}

/** The one call that applies a release: all objects at once, server-side, under one field manager. */
export function applyCall(
  objects: readonly KubernetesObject[],
  { timeoutSeconds = 60, dryRun = false, force = false, manager = fieldManager }: ApplyOptions = {},
): KubectlCall {
  const input = printManifests(objects);
  requireFit(input);
  // The API's description would be fetched and read for a patch that the client makes, of which there is none.
  const args = ['apply', '--server-side', '--openapi-patch=false', `--field-manager=${manager}`];
  if (dryRun) args.push('--dry-run=server');
  if (force) args.push('--force-conflicts');
  return { args: [...args, '--filename=-'], input, timeoutSeconds };
}

/** Whether one command carries all of these calls. */
export const fitTogether = (calls: readonly KubectlCall[]): boolean =>
  calls.reduce((sum, { input = '' }) => sum + packedSize(input), 0) <= maxPackedBytes;

/** Bytes of a text as a command carries it: gzip, then base64. */
export const packedSize = (text: string): number =>
  gzipSync(text, { level: 9 }).toString('base64').length;

/** Throws MANIFESTS_TOO_LARGE if one call would not carry all of the objects. */
export const requireSize = (objects: readonly KubernetesObject[]): void =>
  requireFit(printManifests(objects));

function requireFit(text: string): void {
  const size = packedSize(text);
  if (size <= maxPackedBytes) return;
  throw new PipelineError(
    'MANIFESTS_TOO_LARGE',
    `The manifests take ${size} bytes when packed; a command carries ${maxPackedBytes}.`,
    { cure: 'Move large texts out of the ConfigMaps below k8s/, into the image that reads them.' },
  );
}
