import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findKubectl } from '../../../test/helpers/kubectl.ts';
import { secretKeysMissing } from '../../src/manifests/missing-secrets.ts';
import { runProcess } from '../../src/process.ts';
import { folderOf } from './helpers/folder.ts';

const namespace = 'whatsthecraic';
const name = 'whatsthecraic-secrets';
const all = new Map([
  ['JWT_SECRET', ['auth-service']],
  ['DB_HOST', ['auth-service', 'dj-service']],
  ['DB_USER', ['dj-service']],
  ['DB_PASSWORD', ['dj-service']],
  ['NEW_THING', ['ml-service']],
]);
const absent = secretKeysMissing([{ name, exists: false, keys: all }], namespace);
const incomplete = secretKeysMissing(
  [{ name, exists: true, keys: new Map([['JWT_SECRET', ['auth-service']]]) }],
  namespace,
);

test('no Secret – the message – names every key, who needs it, and the command to make it', (t) => {
  t.is(
    absent.message,
    `The Secret whatsthecraic-secrets in the namespace whatsthecraic does not exist; it must hold:
  JWT_SECRET  (auth-service)
  DB_HOST  (auth-service, dj-service)
  DB_USER  (dj-service)
  DB_PASSWORD  (dj-service)
  NEW_THING  (ml-service)
On the node, with the real values:

kubectl get namespace whatsthecraic || kubectl create namespace whatsthecraic
kubectl create secret generic whatsthecraic-secrets \\
  --from-literal=DB_HOST='<rds-endpoint>' \\
  --from-literal=DB_USER='admin' \\
  --from-literal=DB_PASSWORD='<password>' \\
  --from-literal=JWT_SECRET='<jwt-secret>' \\
  --from-literal=NEW_THING='<new-thing>' \\
  -n whatsthecraic
code: SECRET_KEYS_MISSING`,
  );
});

test('a Secret that lacks a key – the message – adds it and keeps the others', (t) => {
  t.is(
    incomplete.message,
    `The Secret whatsthecraic-secrets in the namespace whatsthecraic lacks:
  JWT_SECRET  (auth-service)
On the node, with the real values:

kubectl patch secret whatsthecraic-secrets --type=merge -p '{"stringData":{"JWT_SECRET":"<jwt-secret>"}}' \\
  -n whatsthecraic
code: SECRET_KEYS_MISSING`,
  );
});

test('no Secret – the printed command – makes a Secret with these keys', async (t) => {
  const made = JSON.parse(await paste(t, absent.cure ?? ''));
  t.deepEqual(Object.keys(made.data).toSorted(), [...all.keys()].toSorted());
  t.is(made.metadata.name, name);
  t.is(made.metadata.namespace, namespace);
  t.is(Buffer.from(made.data.DB_HOST, 'base64').toString(), '<rds-endpoint>');
});

test('a Secret that lacks a key – the printed command – is one that kubectl takes', async (t) => {
  const argv = (await paste(t, incomplete.cure ?? '')).trim().split('\n');
  t.deepEqual(argv, [
    'patch',
    'secret',
    name,
    '--type=merge',
    '-p',
    '{"stringData":{"JWT_SECRET":"<jwt-secret>"}}',
    '-n',
    namespace,
  ]);
});

/** Runs the commands of a cure in a shell, as a person would; `kubectl create secret` needs no cluster. */
async function paste(t: Parameters<typeof folderOf>[0], cure: string): Promise<string> {
  const folder = await folderOf(t, {
    kubectl: `#!/bin/sh
case "$*" in
  'create secret '*) exec "$KUBECTL" "$@" --dry-run=client --output=json ;;
  'patch '*) printf '%s\\n' "$@" ;;
  'get namespace '*) exit 0 ;;
  *) exit 64 ;;
esac
`,
  });
  await chmod(join(folder, 'kubectl'), 0o755);
  const commands = cure.slice(cure.indexOf('kubectl'));
  const result = await runProcess(['sh', '-eu', '-c', commands], {
    env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, KUBECTL: findKubectl() },
    timeoutMs: 20_000,
  });
  t.is(result.exitCode, 0, result.stderr);
  return result.stdout;
}
