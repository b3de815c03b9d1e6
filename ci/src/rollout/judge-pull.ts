import type { Verdict } from './verdict.ts';

type Pull = Pick<Verdict, 'state' | 'code' | 'message'>;

// Wording of containerd 1.6–2.1 and of registries' answers that it hands on.
const wrongPlatform = /no match for platform|no matching manifest|does not match the specified/i;
const denied =
  /unauthorized|(?<!permission )denied|forbidden|no basic auth|authorization failed|insufficient_scope|status(?: code)?:? 40[13]\b/i;
const notFound = /code = NotFound|not found|manifest unknown|name unknown/i;
/** The node's own store lost a part while it unpacked the image; the next attempt fetches it again. */
const lostLocally = /content digest|failed to extract|failed to unpack/i;
const neverPulled = /^(?:InvalidImageName|ErrImageNeverPull)$/;

/** Tells a pull that cannot succeed from one that may: a registry that is away for a moment heals. */
export function judgePull(reason: string, text: string): Pull {
  // From Kubernetes 1.32 on a back-off repeats the cause: one cause, one wording.
  const message = text.replace(/^Back-off pulling image "[^"]*": (?:ErrImagePull: )?/, '');
  const said = withoutNames(message);
  if (neverPulled.test(reason)) return { state: 'failed', code: 'IMAGE_NOT_FOUND', message };
  if (wrongPlatform.test(said)) return { state: 'failed', code: 'CANNOT_START', message };
  // Before "not found": a registry that hides what it does not show says both.
  if (denied.test(said)) return { state: 'suspect', code: 'IMAGE_DENIED', message };
  if (notFound.test(said) && !lostLocally.test(said)) {
    return { state: 'failed', code: 'IMAGE_NOT_FOUND', message };
  }
  return { state: 'waiting', code: 'IMAGE_PULL_FAILED', message };
}

/** Whether the kubelet says only that it waits before it tries again, not why it must. */
export const isBareBackOff = (message: string): boolean =>
  /^(?:Back-off pulling image ("[^"]*"|\S*)|ImagePullBackOff)$/.test(message.trim());

/** What an image, a registry or a digest is called must not be taken for what is said of it. */
const withoutNames = (message: string): string =>
  message
    .replaceAll(/https?:\/\/[^\s"]+/g, '')
    .replaceAll(/"[^"\s]*[/@:][^"\s]*"/g, '')
    .replaceAll(/[^\s":]*sha256:[0-9a-f]+/g, '');
