import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { services } from '../../ci/src/services.ts';
import { workflows } from './helpers/workflows.ts';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const read = (path: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8');

const page = read('docs/github-actions.md');
const documents = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = '']) =>
  JSON.parse(text),
) as { Statement: Statement[] }[];
const statements = documents.at(1)?.Statement ?? [];
const all = (value: string | readonly string[]): string[] => [value].flat();
const actions = statements.flatMap(({ Action }) => all(Action)).toSorted();

/** What a push and a pull over the registry's own API need besides the sign-in. */
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
const ofDocker = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

test('docs/github-actions.md – the policy – allows the calls of ci/src and nothing else', (t) => {
  const exported = [
    ...read('ci/src/aws/clients.ts').matchAll(/^export \{(.*?)\} from '@aws-sdk\/client-(\w+)'/gms),
  ];
  const called = exported.flatMap(([, names = '', service = '']) =>
    [...names.matchAll(/^ {2}(\w+)Command,$/gm)].map(([, name = '']) => `${service}:${name}`),
  );
  t.true(called.includes('ssm:SendCommand') && called.includes('ecr:GetAuthorizationToken'));
  t.deepEqual(actions, [...called, ...ofDocker].toSorted());
});

test('docs/github-actions.md – the policy – runs one document on one instance, pushes to our images', (t) => {
  const resources = (action: string) =>
    statements.filter((it) => all(it.Action).includes(action)).flatMap((it) => all(it.Resource));
  const [instance = '', document = ''] = resources('ssm:SendCommand');
  t.true(page.includes(`\`${instance.split('/').at(-1)}\``));
  t.true(read('ci/src/aws/ssm-command.ts').includes(`'${document.split('/').at(-1)}'`));
  const [, account = ''] = /'(\d{12})\.dkr\.ecr/.exec(read('ci/src/index.ts')) ?? [];
  t.deepEqual(resources('ecr:PutImage'), [
    `arn:aws:ecr:eu-west-1:${account}:repository/whatsthecraic/*`,
  ]);
  t.true(instance.includes(account));
  t.true(page.includes(`whatsthecraic/${services[0]?.name}`));
});

test('docs/github-actions.md – what to set up – is what the workflows use', (t) => {
  const used = workflows.flatMap(({ text }) =>
    [...text.matchAll(/\b(?:vars|secrets)\.([A-Z_\d]+)/g)].map(([, name = '']) => name),
  );
  const rows = [...page.matchAll(/^\| (?:secret|variable) \| (.*?) \|/gm)];
  const told = rows.flatMap(([, cell = '']) => cell.match(/[A-Z_\d]+/g) ?? []);
  t.deepEqual(told.toSorted(), [...new Set(used)].toSorted());
});

test('docs/github-actions.md – the workflows – are those that there are', (t) => {
  const told = [...page.matchAll(/^\| `([\w-]+\.yml)` \|/gm)].map(([, file = '']) => file);
  t.deepEqual(told.toSorted(), workflows.map(({ file }) => file).toSorted());
});
