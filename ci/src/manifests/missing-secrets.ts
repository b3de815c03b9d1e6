import { PipelineError } from '../errors.ts';
import type { MissingSecret } from './secrets.ts';

/** What to put in place of each value; a key that is not here gets its own name. */
const placeholders: Readonly<Record<string, string>> = {
  DB_HOST: '<rds-endpoint>',
  DB_USER: 'admin',
  DB_PASSWORD: '<password>',
  JWT_SECRET: '<jwt-secret>',
  TICKETMASTER_API_KEY: '<key>',
  BANDSINTOWN_APP_ID: '<id>',
  SPOTIFY_CLIENT_ID: '<id>',
  SPOTIFY_CLIENT_SECRET: '<secret>',
  EVENTBRITE_API_TOKEN: '<token>',
  APIFY_TOKEN: '<token>',
};

/** The failure of a preflight: names each missing key, who needs it, and the command that adds it. */
export function secretKeysMissing(
  missing: readonly MissingSecret[],
  namespace: string,
): PipelineError {
  return new PipelineError(
    'SECRET_KEYS_MISSING',
    missing.map((secret) => describe(secret, namespace)).join('\n'),
    { cure: missing.map((secret) => cure(secret, namespace)).join('\n\n') },
  );
}

function describe({ name, exists, keys }: MissingSecret, namespace: string): string {
  const where = `The Secret ${name} in the namespace ${namespace}`;
  const lines = [...keys].map(([key, users]) => `  ${key}  (${users.join(', ')})`);
  const head = exists ? `${where} lacks:` : `${where} does not exist; it must hold:`;
  return [head, ...lines].join('\n');
}

function cure(secret: MissingSecret, namespace: string): string {
  const command = secret.exists
    ? patchCommand(secret, namespace)
    : createCommand(secret, namespace);
  return `On the node, with the real values:\n\n${command}`;
}

function createCommand({ name, keys }: MissingSecret, namespace: string): string {
  const literals = inUsualOrder([...keys.keys()]).map(
    (key) => `  --from-literal=${key}='${placeholder(key)}' \\`,
  );
  return [
    `kubectl get namespace ${namespace} || kubectl create namespace ${namespace}`,
    `kubectl create secret generic ${name} \\`,
    ...literals,
    `  -n ${namespace}`,
  ].join('\n');
}

/** `create` refuses a Secret that exists, and `apply` would need all of its other values again. */
function patchCommand({ name, keys }: MissingSecret, namespace: string): string {
  const values = inUsualOrder([...keys.keys()]).map((key) => [key, placeholder(key)]);
  const patch = JSON.stringify({ stringData: Object.fromEntries(values) });
  return `kubectl patch secret ${name} --type=merge -p '${patch}' \\\n  -n ${namespace}`;
}

const placeholder = (key: string): string =>
  placeholders[key] ?? `<${key.toLowerCase().replaceAll('_', '-')}>`;

function inUsualOrder(keys: readonly string[]): readonly string[] {
  const usual = Object.keys(placeholders);
  const rank = (key: string) => (usual.includes(key) ? usual.indexOf(key) : usual.length);
  return keys.toSorted((a, b) => rank(a) - rank(b));
}
