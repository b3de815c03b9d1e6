/** Stands where a secret stood. */
export const hidden = '[hidden]';

/** What is shorter is a word, and would take half of a text along. */
const shortest = 6;

/** Values that this process was handed as secrets, each as what finds it however it is written. */
const known = new Map<string, RegExp>();

/** Remembers a secret: from now on no text shows it. */
export function hide(...values: readonly (string | undefined)[]): void {
  for (const value of values) {
    const text = value?.trim() ?? '';
    if (text.length < shortest || known.has(text)) continue;
    known.set(text, anyOf([...new Set(formsOf(text))].map(acrossLines)));
  }
}

/**
 * Hides secrets in a text that others wrote: those that this process knows, and what looks like one.
 * Both also in base64, URL-encoded, JSON-escaped and broken into lines.
 */
export function redact(text: string): string {
  let shown = text;
  for (const forms of known.values()) shown = shown.replaceAll(forms, hidden);
  return hidePatterns(hideEncoded(shown));
}

/** The same with every text that a value holds; keys and all else stay. */
export function redactAll<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, redactAll(inner)]),
  ) as T;
}

function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  const bytes = Buffer.from(value, 'utf8');
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset));
  return [
    ...[value, json, json.replaceAll('/', '\\/'), url, url.replaceAll('%20', '+')],
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...base64,
    ...base64.map((it) => it.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map(encodeURIComponent),
    bytes.toString('hex'),
  ].filter((form) => form.length >= shortest);
}

/** The characters of base64 that these bytes alone decide, when others stand before them. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const from = Math.ceil((offset * 8) / 6);
  return encoded.slice(from, Math.floor(((offset + bytes.length) * 8) / 6));
}

/** Whoever wraps a text breaks it anywhere, and may indent what follows or write the break as \n. */
const lineBreak = String.raw`(?:(?:\\r)?\\n|\r?\n[ \t]*)?`;

const escaped = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');

const acrossLines = (text: string): string =>
  [...text].map((character) => escaped(character)).join(lineBreak);

const anyOf = (sources: readonly string[]): RegExp =>
  new RegExp(sources.toSorted((a, b) => b.length - a.length).join('|'), 'g');

/** A run of characters, broken into lines at will. */
const run = (characters: string, count: string): string => `(?:${characters}${lineBreak})${count}`;

const token = '[A-Za-z0-9+/=_.~-]';
/** Lines that are nothing but the rest of a token: whole ones, or a beginning too long for a word. */
const continued = String.raw`(?:(?:(?:\\r)?\\n|\r?\n[ \t]*)(?=${token}{4,}["',;]*(?:\r?\n|\\n|$)|${token}{12,}(?:[\s"',;]|$))${token}+)*`;

const quoted = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'`;
/** Words behind a secret's name that make it another thing: secretName, token-version, key_id. */
const notOf =
  '(?<!name|names|ref|version|type|count|path|file|provider|driver|seconds|mode|missing)';
const name = String.raw`[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization)[\w.-]*${notOf}`;
const named = String.raw`(?:^|[^\w.-])(["']?)${name}\2`;

interface Pattern {
  readonly of: RegExp;
  readonly by: string;
  /** Whether what was found is one; it is unless told. */
  readonly is?: (found: string) => boolean;
}

const pattern = (source: string, by: string, flags = ''): Pattern => ({
  of: new RegExp(source, `g${flags}`),
  by,
});

/** What a secret looks like; `by` keeps what tells where it stood. */
const patterns: readonly Pattern[] = [
  // A private key, whole or cut off at either end.
  pattern(
    String.raw`${acrossLines('-----BEGIN ')}${run('[A-Z ]', '{0,20}?')}${acrossLines('PRIVATE KEY-----')}[\s\S]*?(?:${acrossLines('-----END ')}${run('[A-Z ]', '{0,20}?')}${acrossLines('PRIVATE KEY-----')}|$)`,
    hidden,
  ),
  pattern(
    String.raw`(?:^[A-Za-z0-9+/=]{16,128}\r?\n){1,80}-----END [A-Z ]*PRIVATE KEY-----`,
    hidden,
    'm',
  ),
  // A JSON Web Token, and ECR's password, which begins like one.
  pattern(`${acrossLines('eyJ')}${run('[A-Za-z0-9+/=_-]', '{6}')}${token}*${continued}`, hidden),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  pattern(
    `A${lineBreak}[KS]${lineBreak}I${lineBreak}A${lineBreak}${run('[A-Z0-9]', '{15}')}[A-Z0-9]`,
    hidden,
  ),
  {
    ...pattern(
      `(?<![A-Za-z0-9+/=_.-])${run('[A-Za-z0-9+/]', '{39}')}[A-Za-z0-9+/](?![A-Za-z0-9+/=_.-])`,
      hidden,
    ),
    is: (found) => [/[a-z]/, /[A-Z]/, /\d/, /^[^/]/].every((needed) => needed.test(found)),
  },
  pattern(String.raw`\b(?:gh[opsur]|github_pat|glpat|xox[abpr]|dckr_pat)[_-][\w-]{16,}`, hidden),
  pattern(
    `(?<=[a-z][a-z0-9+.-]*://)${run(String.raw`[^\s"'/?#@\\]`, '{1,200}')}@`,
    `${hidden}@`,
    'i',
  ),
  pattern(
    `(${acrossLines('Bearer')}|${acrossLines('Basic')}) +${token}{8,}${continued}`,
    `$1 ${hidden}`,
    'i',
  ),
  pattern(`(${named}\\s*[:=]\\s*)(?:${quoted})`, `$1"${hidden}"`, 'i'),
  pattern(
    String.raw`(${named}\s*=\s*)(?!\[hidden\])[^\s"',;}\])]{4,}${continued}`,
    `$1"${hidden}"`,
    'i',
  ),
  // Behind a colon may stand prose.
  pattern(
    String.raw`(${named}\s*:\s*)(?=\S*[\dA-Z!$%&*+#])(?!\[hidden\])[^\s"',;}\])]{4,}${continued}`,
    `$1"${hidden}"`,
    '',
  ),
  // JSON within a string of JSON, and deeper.
  pattern(String.raw`((\\+)"${name}\2"\s*:\s*)\2"(?:(?!\2").)*\2"`, `$1$2"${hidden}$2"`, 'i'),
];

function hidePatterns(text: string): string {
  let shown = text;
  for (const { of, by, is } of patterns) {
    shown = is
      ? shown.replaceAll(of, (found) => (is(found) ? by : found))
      : shown.replaceAll(of, by);
  }
  return shown;
}

/** Hides what, read once more, would show a secret: base64, URL-encoding, JSON's escapes. */
function hideEncoded(text: string): string {
  return text
    .replaceAll(/[A-Za-z0-9+/_-]{20,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]{8,})*={0,2}/g, (it) =>
      hasSecret(Buffer.from(it.replaceAll(/\s/g, ''), 'base64').toString('utf8')) ? hidden : it,
    )
    .replaceAll(/(?<![^\s"'&])[^\s"'&]*%[0-9A-Fa-f]{2}[^\s"'&]*/g, (it) =>
      hasSecret(decodeUrl(it)) ? hidden : it,
    )
    .replaceAll(/(?<![^\s"])[^\s"]*\\(?:u[0-9a-fA-F]{4}|\/)[^\s"]*/g, (it) =>
      hasSecret(decodeJson(it)) ? hidden : it,
    );
}

/** Whether readable text holds a secret; random bytes are no text. */
function hasSecret(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is no text has such characters.
  if (text === '' || /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text)) return false;
  let shown = hidePatterns(text);
  for (const forms of known.values()) shown = shown.replaceAll(forms, hidden);
  return shown !== text;
}

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

const decodeJson = (text: string): string =>
  text
    .replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('\\/', '/');
