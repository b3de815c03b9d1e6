import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

interface Cost {
  /** KiB of memory. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's minimum for argon2id, about 50 ms here; two at once stay far below a pod's memory limit. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
const SALT_BYTES = 16;

/** RFC 9106 names, in the PHC string format: https://github.com/P-H-C/phc-string-format */
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** An argon2id hash as a PHC string, with a salt of its own. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, COST, TAG_BYTES);
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Whether the password is the one that was hashed. Throws when the hash is no argon2id PHC string. */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  const { cost, salt, tag } = parsePhc(phc);
  return timingSafeEqual(await derive(password, salt, cost, tag.length), tag);
}

/** Whether the hash was made with other costs than are used now. */
export function needsRehash(phc: string): boolean {
  const { cost } = parsePhc(phc);
  return (
    cost.memory !== COST.memory ||
    cost.passes !== COST.passes ||
    cost.parallelism !== COST.parallelism
  );
}

function parsePhc(phc: string): { cost: Cost; salt: Buffer; tag: Buffer } {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(phc) ?? [];
  if (!salt || !tag) throw new TypeError('password hash: expected a PHC string of argon2id v=19');
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function derive(password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  // One password, typed on two systems, can reach us in two Unicode forms.
  const message = password.normalize('NFC');
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, ...cost, tagLength }, (error, tag) =>
      error ? reject(error) : resolve(tag),
    );
  });
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
