import { redact } from './redact.ts';
import type { VerdictCode } from './rollout/verdict-codes.ts';

/**
 * Codes of what the pipeline itself judges. Errors of images, registries and sources carry codes of
 * their own: REGISTRY_…, IMAGES_FAILED, REVISION_UNKNOWN and the like.
 */
export type ErrorCode =
  | 'ARGUMENT_INVALID'
  | 'OVERLAY_UNKNOWN'
  | 'SERVICE_UNKNOWN'
  | 'TREE_DIRTY'
  | 'AWS_DENIED'
  | 'AWS_UNREACHABLE'
  | 'INSTANCE_UNKNOWN'
  | 'INSTANCE_OFFLINE'
  | 'COMMAND_NOT_DELIVERED'
  | 'COMMAND_TIMED_OUT'
  | 'COMMAND_CANCELLED'
  | 'COMMAND_OUTPUT_BROKEN'
  | 'COMMAND_ANSWER_LOST'
  | 'CLUSTER_UNREACHABLE'
  | 'KUBECTL_FAILED'
  | 'CHECK_FAILED'
  | 'REPOSITORY_MISSING'
  | 'IMAGE_BUILD_FAILED'
  | 'MANIFESTS_INVALID'
  | 'MANIFESTS_TOO_LARGE'
  | 'SECRET_KEYS_MISSING'
  | 'PAUSED'
  | 'TERMINATING'
  | 'MIGRATION_REFUSED'
  | 'MIGRATION_FAILED'
  | 'APPLY_FAILED'
  | 'ADOPT_NEEDED'
  | 'ADOPTION_FAILED'
  | 'LOCKED'
  | 'LEASE_LOST'
  | 'LEASE_FORBIDDEN'
  | 'RELEASE_FAILED'
  | 'RELEASE_DEGRADED'
  | 'RELEASE_ROLLED_BACK'
  | 'RECORD_BROKEN'
  | 'RELEASE_UNKNOWN'
  | 'RELEASE_NOT_PROVEN'
  | 'RELEASE_TOO_OLD'
  | 'UNHEALTHY'
  | 'PLAN_BLOCKED'
  | 'PLAN_CHANGED'
  | 'ENGINE_FAILED'
  | 'INTERNAL_ERROR';

/** Codes of this pipeline's errors; not Node's own, such as ENOENT and ERR_INVALID_ARG_TYPE. */
const ownCode = /^(?!E[A-Z0-9]+$|EAI_|(?:[A-Z]+_)*ERR(?:_|$))[A-Z]+(?:_[A-Z]+)*$/;

/** The code of an error that the pipeline foresaw; undefined for any other. */
export function codeOf(error: unknown): string | undefined {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' && ownCode.test(code) ? code : undefined;
}

/**
 * A failure that the pipeline understands: what went wrong, and in `cure` what to do about it. What
 * would fail a rollout bears the rollout's own code where it is seen before.
 *
 * A thrown message is all that Dagger hands to its caller, so the code is part of the text.
 */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: ErrorCode | VerdictCode;
  readonly cure: string | undefined;
  /** What went wrong, without cure and code. */
  readonly what: string;
  /** Its first line. */
  readonly summary: string;

  constructor(
    code: ErrorCode | VerdictCode,
    what: string,
    options: { cure?: string; cause?: unknown } = {},
  ) {
    // It may tell what others said, and those may have said too much.
    const shown = redact(what);
    super(
      [shown, options.cure, `code: ${code}`].filter(Boolean).join('\n'),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.cure = options.cure;
    this.what = shown;
    this.summary = shown.split('\n', 1)[0] ?? '';
  }
}
