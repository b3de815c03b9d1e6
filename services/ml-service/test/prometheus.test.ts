import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';

const server = useDatabase(test);

test('metrics – latency, fallbacks, model age, share of cold answers, clicks and saves per variant – are told', async (t) => {
  const [one = 0, two = 0] = await Promise.all(
    ['one', 'two', 'three'].map((title) => makeEvent(server(), title, { genre: 'jazz' })),
  );
  const folder = await modelFolder(t);
  const person = await signIn(server());
  const admin = await signIn(server(), 'admin');
  const bare = await startMl(t, server(), folder);
  await bare.list({}, { limit: 3 });
  t.regex(await bare.metrics(), /^recommendation_fallbacks_total\{reason="no model yet"\} 1$/m);
  t.notRegex(await bare.metrics(), /^model_age_seconds\{/m);

  await server().insert('event_saves', { user_id: person.id, event_id: one });
  const { version } = await trainOnce(server(), folder, () => new Date(Date.now() - 60_000));
  const variants = [
    { name: 'ours', share: 1, ranking: 'model' },
    { name: 'same', share: 1, ranking: 'model' },
  ];
  t.is((await bare.call('PUT', '/v1/experiments/x', admin.headers, { variants })).status, 201);
  const { list, call, metrics } = await startMl(t, server(), folder);
  const { variant, exposureId } = await list(person.headers, { limit: 3 });
  await list({}, { limit: 3 });
  await list({}, { limit: 3, expose: false });
  for (const action of ['click', 'save'] as const) {
    const said = { eventId: two, action, exposureId };
    t.is((await call('POST', '/v1/feedback', person.headers, said)).status, 201);
  }

  const told = await metrics();
  const value = (line: string) =>
    Number(
      told
        .split('\n')
        .find((it) => it.startsWith(line))
        ?.slice(line.length + 1),
    );
  t.is(value('recommendation_own_seconds_count'), 3);
  t.true(value('recommendation_own_seconds_bucket{le="0.1"}') >= 1);
  t.regex(told, /^http_request\w*_seconds_bucket\{.*\/v1\/recommendations.*\} \d+$/m);
  t.is(value('model_in_trouble'), 0);
  const age = value(`model_age_seconds{version="${version}"}`);
  t.true(age >= 60 && age < 600, `${age}`);
  t.is(value('recommendation_lists_total{ranking="model",known="light"}'), 1);
  t.is(value('recommendation_lists_total{ranking="model",known="anonymous"}'), 2);
  t.is(value(`recommendation_exposures_total{variant="${variant}"}`), 1);
  t.is(
    value('recommendation_exposures_total{variant="none"}'),
    1,
    'what was not shown does not count',
  );
  for (const action of ['click', 'save']) {
    t.is(value(`recommendation_feedback_total{variant="${variant}",action="${action}"}`), 1);
  }
});
