import { type Message, readMessage } from './message.ts';
import type { Verdict } from './verdict.ts';

type Pull = Pick<Verdict, 'state' | 'code' | 'message' | 'unexplained'>;
type Judged = Omit<Pull, 'message'>;

interface Rule {
  readonly is: (message: Message) => boolean;
  readonly verdict: Judged;
}

const failed = (code: Verdict['code']): Judged => ({ state: 'failed', code });
const suspect = (code: Verdict['code']): Judged => ({ state: 'suspect', code });
const waiting = (code: Verdict['code']): Judged => ({ state: 'waiting', code });

const prose =
  (words: RegExp) =>
  (message: Message): boolean =>
    words.test(message.prose);
const status =
  (...among: readonly number[]) =>
  (message: Message): boolean =>
    message.status !== undefined && among.includes(message.status);

/** Reasons that a kubelet gives a waiting container, which need no reading. */
const byReason: Readonly<Record<string, Judged>> = {
  InvalidImageName: failed('IMAGE_NOT_FOUND'),
  ErrImageNeverPull: failed('IMAGE_NOT_FOUND'),
  SignatureValidationFailed: suspect('IMAGE_REJECTED'),
  RegistryUnavailable: waiting('IMAGE_PULL_FAILED'),
};

/**
 * The first that holds decides. What passes stands before what does not: a registry that limits its
 * callers says "denied" as well, and one that is away may be said not to be found.
 */
const rules: readonly Rule[] = [
  { is: prose(/no space left|disk quota exceeded/i), verdict: waiting('NODE_FULL') },
  {
    is: (it) =>
      status(429)(it) ||
      prose(/toomanyrequests|too many requests|rate.?limit|rate exceeded|throttl|QPS exceeded/i)(
        it,
      ),
    verdict: waiting('IMAGE_PULL_FAILED'),
  },
  { is: (it) => (it.status ?? 0) >= 500 || status(408)(it), verdict: waiting('IMAGE_PULL_FAILED') },
  {
    is: prose(
      /no match for (?:current )?platform|no matching manifest|not match the specified platform|no image found in (?:image index|manifest list)/i,
    ),
    verdict: failed('IMAGE_WRONG_PLATFORM'),
  },
  {
    is: prose(
      /signature was required|no signature exists|image rejected|signature validation|signature verification|not signed|(?:unsupported|unknown|invalid|not supported).*(?:media ?type|manifest (?:type|version))|(?:media ?type|schema ?(?:version )?1\b).*(?:unsupported|not supported|no longer supported)/i,
    ),
    verdict: suspect('IMAGE_REJECTED'),
  },
  {
    is: prose(
      /x509:|certificate (?:has expired|signed by|is not|verify failed)|gave HTTP response to HTTPS|does not look like a TLS|unknown (?:certificate )?authority/i,
    ),
    verdict: suspect('REGISTRY_UNTRUSTED'),
  },
  { is: status(401, 403, 407), verdict: suspect('IMAGE_DENIED') },
  {
    is: (it) =>
      /^(?:DeadlineExceeded|Unavailable|Canceled|Aborted|ResourceExhausted)$/.test(it.grpc ?? '') ||
      prose(
        /dial (?:tcp|udp|unix)|\blookup\b|timeout|timed out|connection (?:refused|reset|closed)|no such host|no route to host|unreachable|\bEOF\b|broken pipe|deadline exceeded|context canceled|temporary failure|misbehaving|proxyconnect|stream error|GOAWAY|server closed/i,
      )(it),
    verdict: waiting('IMAGE_PULL_FAILED'),
  },
  {
    // The node's own store lost a part while it unpacked the image; the next attempt fetches it again.
    is: prose(
      /content digest|failed to (?:extract|unpack|register layer|prepare|mount|commit)|locked: unavailable|ingest|snapshotter/i,
    ),
    verdict: waiting('IMAGE_PULL_FAILED'),
  },
  {
    is: prose(
      /unauthorized|(?<!permission )\bdenied\b|forbidden|no basic auth|authori[sz]ation (?:failed|token)|authentication (?:required|failed)|insufficient_scope|no pull access|not authori[sz]ed|(?:token|credentials?) (?:has |have |is |are )?(?:expired|invalid)|invalid (?:username|credentials|token)|security token/i,
    ),
    verdict: suspect('IMAGE_DENIED'),
  },
  {
    is: (it) =>
      status(404, 410)(it) ||
      it.grpc === 'NotFound' ||
      prose(
        /not found|manifest.?unknown|name.?unknown|repository .*does not exist|no such (?:image|manifest|repository)|could not find/i,
      )(it),
    verdict: failed('IMAGE_NOT_FOUND'),
  },
];

/** Tells a pull that cannot succeed from one that may: a registry that is away for a moment heals. */
export function judgePull(reason: string, text: string): Pull {
  // From Kubernetes 1.32 on a back-off repeats the cause: one cause, one wording.
  const message = text.replace(/^Back-off pulling image "[^"]*": (?:ErrImagePull: )?/, '');
  const known = byReason[reason];
  if (known) return { ...known, message };
  const read = readMessage(message);
  const rule = rules.find((candidate) => candidate.is(read));
  if (rule) return { ...rule.verdict, message };
  const unexplained = isBareBackOff(message) ? {} : { unexplained: true as const };
  return { ...waiting('IMAGE_PULL_FAILED'), message, ...unexplained };
}

/** Whether the kubelet says only that it waits before it tries again, not why it must. */
export const isBareBackOff = (message: string): boolean =>
  /^(?:Back-off pulling image ("[^"]*"|\S*)|ImagePullBackOff)$/.test(message.trim());
