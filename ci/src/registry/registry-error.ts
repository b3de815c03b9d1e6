export type RegistryErrorCode =
  | 'REGISTRY_UNAUTHORIZED'
  | 'REGISTRY_DENIED'
  | 'REGISTRY_NOT_FOUND'
  | 'REGISTRY_UNREACHABLE'
  | 'REGISTRY_TLS'
  | 'REGISTRY_THROTTLED'
  | 'REGISTRY_IMMUTABLE_TAG'
  | 'REGISTRY_REFUSED'
  | 'REGISTRY_PROTOCOL';

export const registryCures: Readonly<Record<RegistryErrorCode, string>> = {
  REGISTRY_UNAUTHORIZED: 'check --registry-user and --registry-password',
  REGISTRY_DENIED: 'this user may not do that; check its rights to the repository',
  REGISTRY_NOT_FOUND: 'check --registry, and that the repository exists',
  REGISTRY_UNREACHABLE: 'check --registry and the network to it',
  REGISTRY_TLS: 'check its certificate; plain HTTP must be asked for by http://',
  REGISTRY_THROTTLED: 'it asked to come back later',
  REGISTRY_IMMUTABLE_TAG: 'the tag is there already and may not be moved',
  REGISTRY_REFUSED: 'see the answer above',
  REGISTRY_PROTOCOL: 'is this an OCI registry?',
};

/** A registry's refusal, or none of its answers; the message never holds credentials. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined;

  constructor(code: RegistryErrorCode, what: string, status?: number, options?: ErrorOptions) {
    super(`${what}; ${registryCures[code]}`, options);
    this.code = code;
    this.status = status;
  }
}

/** Whether a registry gave no answer that would not be another one a moment later. */
export const isAway = (error: unknown): error is RegistryError =>
  error instanceof RegistryError &&
  (error.code === 'REGISTRY_UNREACHABLE' || error.code === 'REGISTRY_THROTTLED');

/** The error that an answer means; `body` is the text that came with it. */
export function errorOfAnswer(what: string, status: number, body: string): RegistryError {
  const told = errorsIn(body);
  const detail = told
    .map(({ code, message }) => [code, message].filter(Boolean).join(' '))
    .join(', ');
  const text = `${what}: ${status}${detail ? ` ${detail}` : ''}`;
  return new RegistryError(codeOf(status, told), text, status);
}

function codeOf(status: number, told: readonly ToldError[]): RegistryErrorCode {
  // ECR answers 400 TAG_INVALID, others 409 or 412, to a push to an immutable tag.
  if (told.some(({ message }) => /immutable|cannot be overwritten/i.test(message))) {
    return 'REGISTRY_IMMUTABLE_TAG';
  }
  if (told.some(({ code }) => code === 'DENIED')) return 'REGISTRY_DENIED';
  if (status === 401) return 'REGISTRY_UNAUTHORIZED';
  if (status === 403) return 'REGISTRY_DENIED';
  if (status === 404) return 'REGISTRY_NOT_FOUND';
  if (status === 409 || status === 412) return 'REGISTRY_IMMUTABLE_TAG';
  if (status === 429) return 'REGISTRY_THROTTLED';
  return status >= 500 ? 'REGISTRY_UNREACHABLE' : 'REGISTRY_REFUSED';
}

interface ToldError {
  readonly code: string;
  readonly message: string;
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
function errorsIn(body: string): readonly ToldError[] {
  try {
    const parsed: unknown = JSON.parse(body);
    const errors = (parsed as { errors?: unknown } | null)?.errors;
    if (!Array.isArray(errors)) return [];
    return errors.map((error: { code?: unknown; message?: unknown } | null) => ({
      code: String(error?.code ?? '').slice(0, 100),
      message: String(error?.message ?? '').slice(0, 300),
    }));
  } catch {
    return [];
  }
}

/** The error that a failed `fetch` means. */
export function errorOfFailure(what: string, failure: unknown): RegistryError {
  const cause = (failure as { cause?: { code?: unknown; message?: unknown } } | null)?.cause;
  const code = String(
    cause?.code ?? cause?.message ?? (failure as { name?: unknown } | null)?.name ?? 'failed',
  );
  const kind = /CERT|TLS|SSL|UNABLE_TO_|EPROTO/.test(code)
    ? 'REGISTRY_TLS'
    : 'REGISTRY_UNREACHABLE';
  return new RegistryError(kind, `${what}: ${code}`, undefined, { cause: failure });
}
