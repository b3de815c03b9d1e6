import type { Verdict } from './verdict.ts';

type Pull = Pick<Verdict, 'state' | 'code' | 'message'>;

// Wording of containerd 1.6–2.1 and of registries' answers that it hands on.
const notFound =
  /code = NotFound|not found|manifest unknown|name unknown|repository does not exist/i;
const denied = /unauthorized|denied|forbidden|no basic auth|authorization failed|401|403/i;
const wrongPlatform = /no match for platform|does not match the specified platform/i;

/** Tells a pull that cannot succeed from one that may: a registry that is away for a moment heals. */
export function judgePull(reason: string, message: string): Pull {
  if (reason === 'InvalidImageName') return { state: 'failed', code: 'IMAGE_NOT_FOUND', message };
  if (wrongPlatform.test(message)) return { state: 'failed', code: 'CANNOT_START', message };
  if (notFound.test(message)) return { state: 'failed', code: 'IMAGE_NOT_FOUND', message };
  if (denied.test(message)) return { state: 'suspect', code: 'IMAGE_DENIED', message };
  return { state: 'waiting', code: 'IMAGE_PULL_FAILED', message };
}
