import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { parseRegistry } from '../../src/registry/reference.ts';
import { requireRepositories } from '../../src/registry/require-repositories.ts';
import { region, testAws } from '../aws/helpers/test-aws.ts';

const registry = parseRegistry('385017713886.dkr.ecr.eu-west-1.amazonaws.com');
const names = ['aggregator', 'auth-service', 'dj-service'];

/** An ECR with these repositories. */
const ecrWith = (...repositories: string[]) => ({
  ecr: {
    registry: 'http://127.0.0.1:9',
    repositories: repositories.map((name) => ({ name: `whatsthecraic/${name}` })),
  },
});

test('requireRepositories – the founding document’s repositories – names all that are missing, with the commands', async (t) => {
  const aws = await testAws(t, ecrWith('aggregator-service', 'auth-service'));
  const error = await t.throwsAsync(requireRepositories(aws.ecr(), { registry, region }, names), {
    instanceOf: PipelineError,
  });
  t.is(error?.code, 'REPOSITORY_MISSING');
  t.is(
    error?.message,
    `385017713886.dkr.ecr.eu-west-1.amazonaws.com has no repository whatsthecraic/aggregator, whatsthecraic/dj-service.
Create what is missing once, then try again:
  aws ecr create-repository --region eu-west-1 --repository-name whatsthecraic/aggregator \\
    --image-tag-mutability IMMUTABLE --image-scanning-configuration scanOnPush=true
  aws ecr create-repository --region eu-west-1 --repository-name whatsthecraic/dj-service \\
    --image-tag-mutability IMMUTABLE --image-scanning-configuration scanOnPush=true
code: REPOSITORY_MISSING`,
  );
});

test('requireRepositories – all are there – says nothing', async (t) => {
  const aws = await testAws(t, ecrWith(...names));
  await t.notThrowsAsync(requireRepositories(aws.ecr(), { registry, region }, names));
});

test('requireRepositories – AWS does not answer – no word of missing repositories', async (t) => {
  const aws = await testAws(t, ecrWith(...names));
  await aws.server.close();
  await t.throwsAsync(requireRepositories(aws.ecr(), { registry, region }, names), {
    message: /code: AWS_UNREACHABLE/,
  });
});
