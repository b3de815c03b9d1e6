import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';

/** Every command that the founding document tells a person to type, by the page that answers it. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'deploying.md': [
    'kubectl get pods -n whatsthecraic -o wide',
    'kubectl get deployments -n whatsthecraic',
    'kubectl rollout status deployment/events-service -n whatsthecraic',
    'kubectl exec deploy/events-service -n whatsthecraic -- wget -qO- http://localhost:4003/health',
    'kubectl get ingress -n whatsthecraic',
    'kubectl logs -n whatsthecraic -l app=events-service --tail=50',
    'curl -H "Authorization: Bearer $JWT" https://api.whatsthecraic.run.place/events/spotify/search?q=test',
  ],
  'rolling-back.md': [
    'kubectl rollout history deployment/events-service -n whatsthecraic',
    'kubectl rollout undo deployment/events-service -n whatsthecraic',
    'kubectl rollout undo deployment/events-service --to-revision=2 -n whatsthecraic',
    'kubectl rollout undo deployment/$deploy -n whatsthecraic',
  ],
  'debugging.md': [
    'kubectl logs -f deployment/events-service -n whatsthecraic',
    'kubectl logs -n whatsthecraic -l app=events-service --tail=100',
    "kubectl get events -n whatsthecraic --sort-by='.lastTimestamp'",
    'kubectl top pods -n whatsthecraic',
    'kubectl top nodes',
    'kubectl get hpa -n whatsthecraic',
    'kubectl describe pod <pod-name> -n whatsthecraic',
    'kubectl logs <pod-name> -n whatsthecraic --previous',
    'kubectl exec -it <pod-name> -n whatsthecraic -- /bin/sh',
    'kubectl exec <pod-name> -n whatsthecraic -- env \\| sort',
  ],
  'first-set-up.md': [
    'kubectl create secret generic whatsthecraic-secrets',
    'aws ecr get-login-password --region eu-west-1',
    'ssh ec2-user@<ec2-ip>',
    'kubectl apply -f k8s/namespace.yaml',
    'kubectl apply -f k8s/configmap.yaml',
    'kubectl apply -f k8s/auth-service.yaml',
    'kubectl apply -f k8s/ingress.yaml',
    'kubectl apply -f k8s/hpa.yaml',
    'kubectl apply -k k8s/',
  ],
};

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const functions = new Map(
  read('ci/test/engine/contract.txt')
    .split('\n\n')
    .map((text) => [text.split(' ', 1)[0] ?? '', new Set(text.match(/(?<=^ {2})--[a-z-]+/gm))]),
);

for (const [page, asked] of Object.entries(commands)) {
  test(`docs/${page} – each command of the founding document – is answered`, (t) => {
    const rows = read(`docs/${page}`)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    for (const command of asked) {
      const row = rows.find((line) => line.startsWith(`| \`${command}\` | `));
      t.truthy(row, command);
      t.regex(row ?? '', / \| .{8,} \|$/, command);
    }
    t.is(rows.filter((line) => /^\| `(?:kubectl|aws|ssh|curl)/.test(line)).length, asked.length);
  });

  test(`docs/${page} – our own commands – are functions and arguments that there are`, (t) => {
    const text = read(`docs/${page}`).replaceAll('\\\n', ' ');
    for (const [, name = '', rest = ''] of text.matchAll(/dagger call ([a-z-]+)([^`\n]*)/g)) {
      t.true(functions.has(name), name);
      const [own = ''] = rest.split(/ export | {2,}#/);
      for (const [flag] of own.matchAll(/--[a-z-]+/g)) {
        t.true(functions.get(name)?.has(flag), `${name} ${flag}`);
      }
    }
  });

  test(`docs/${page} – its links – lead somewhere`, (t) => {
    for (const [, path = ''] of read(`docs/${page}`).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      t.notThrows(() => read(join('docs', path)), path);
    }
  });
}
