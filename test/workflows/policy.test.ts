import test from 'ava';
import {
  callsOf,
  flagsOfModule,
  jobsOf,
  stepsOf,
  workflow,
  workflows,
} from './helpers/workflows.ts';

// What actionlint does not know of: see lint.ts.

test('workflows – the three – are what there is', (t) => {
  t.deepEqual(
    workflows.map(({ file }) => file),
    ['deploy.yml', 'pull-request.yml', 'verify-health.yml'],
  );
});

for (const it of workflows) {
  test(`${it.file} – every action – is pinned by a commit and says its version`, (t) => {
    const uses = [...it.text.matchAll(/^[ -]*uses: (.*)$/gm)].map(([, value = '']) => value);
    t.is(uses.length, stepsOf(it).filter((step) => step.uses !== undefined).length);
    for (const value of uses) {
      t.regex(value, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test(`${it.file} – permissions – are none but those that a job names`, (t) => {
    t.deepEqual(it.permissions, {});
    for (const job of jobsOf(it)) {
      const usesRole = job.steps.some((step) => step.uses?.startsWith('aws-actions/'));
      t.deepEqual(job.permissions, {
        contents: 'read',
        ...(usesRole ? { 'id-token': 'write' } : {}),
      });
    }
  });

  test(`${it.file} – shell – gets values by the environment alone`, (t) => {
    for (const { run = '', with: inputs = {} } of stepsOf(it)) {
      t.notRegex(run, /\$\{\{/);
      for (const name of ['call', 'args', 'shell', 'check'])
        t.notRegex(String(inputs[name]), /\$\{\{/);
      t.notRegex(run.replace(/\$\{\w+:\+/g, ''), /\$\{?AWS/, 'a secret is no argument');
    }
  });

  test(`${it.file} – each job – calls the module once, in bounded time, and tells how it ended`, (t) => {
    for (const job of jobsOf(it)) {
      t.is(callsOf(job).length, 1);
      t.true((job['timeout-minutes'] ?? 360) <= 45);
      const last = job.steps.at(-1);
      t.is(last?.if, 'always()');
      t.regex(last?.run ?? '', /^\.github\/summary\.sh /);
    }
  });

  test(`${it.file} – its calls – use functions and arguments that the module has`, (t) => {
    const known = flagsOfModule();
    for (const { name, flags } of jobsOf(it).flatMap(callsOf)) {
      for (const flag of flags) t.true(known.get(name)?.has(flag), `${name} ${flag}`);
      t.true(known.has(name), name);
    }
  });

  test(`${it.file} – the checkout – leaves no token behind`, (t) => {
    const checkouts = stepsOf(it).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    t.is(checkouts.length, jobsOf(it).length);
    for (const step of checkouts) t.is(step.with?.['persist-credentials'], false);
  });

  test(`${it.file} – Dagger – is of one version, which is the SDK's`, (t) => {
    const versions = stepsOf(it)
      .filter(({ uses }) => uses?.startsWith('dagger/'))
      .map((step) => step.with?.version);
    t.deepEqual([...new Set(versions)], ['0.21.9']);
  });
}

test('pull-request.yml – somebody’s change – meets no secret, no target, and only the newest is checked', (t) => {
  const it = workflow('pull-request.yml');
  t.deepEqual(Object.keys(it.on), ['pull_request']);
  t.notRegex(it.text, /secrets\.|vars\.|environment:|id-token|write/);
  t.deepEqual(jobsOf(it).flatMap(callsOf), [{ name: 'check', flags: [] }]);
  t.deepEqual(it.concurrency, {
    group: `pull-request-\${{ github.event.pull_request.number }}`,
    'cancel-in-progress': true,
  });
});

test('deploy.yml – the main branch – is deployed after its check, one run at a time, none cut off', (t) => {
  const it = workflow('deploy.yml');
  t.deepEqual(it.on, { push: { branches: ['main'] }, workflow_dispatch: null });
  t.deepEqual(it.concurrency, { group: 'deploy-production', 'cancel-in-progress': false });
  const { check, deploy } = it.jobs;
  t.deepEqual(check && callsOf(check), [{ name: 'check', flags: [] }]);
  t.is(deploy?.needs, 'check');
  t.is(deploy?.if, "github.ref == 'refs/heads/main'");
  t.is(deploy?.environment, 'production');
  t.deepEqual(deploy && callsOf(deploy).map(({ name }) => name), ['deploy']);
  t.notRegex(JSON.stringify(check), /secrets\.|environment/);
});

test('deploy.yml – however it ended – its report is fetched, shown and kept, and hides nothing', (t) => {
  const steps = workflow('deploy.yml').jobs.deploy?.steps ?? [];
  const report = steps.find(({ run }) => run?.startsWith('.github/report.sh '));
  t.is(report?.if, 'always()');
  t.true(report?.['continue-on-error']);
  const known = flagsOfModule();
  for (const flag of report?.run?.match(/--[a-z-]+/g) ?? []) {
    for (const name of ['report', 'status']) t.true(known.get(name)?.has(flag), `${name} ${flag}`);
  }
  const kept = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
  t.is(kept?.if, 'always()');
  t.is(kept?.with?.path, `\${{ runner.temp }}/report`);
});

test('verify-health.yml – by hand and on a schedule – asks and changes nothing', (t) => {
  const it = workflow('verify-health.yml');
  t.deepEqual(Object.keys(it.on).toSorted(), ['schedule', 'workflow_dispatch']);
  t.deepEqual(
    jobsOf(it)
      .flatMap(callsOf)
      .map(({ name }) => name),
    ['verify-health'],
  );
});

for (const file of ['deploy.yml', 'verify-health.yml']) {
  test(`${file} – credentials – are the role's if there is one, else the two key secrets`, (t) => {
    const steps = stepsOf(workflow(file));
    const role = steps.find(({ uses }) => uses?.startsWith('aws-actions/'));
    t.is(role?.if, "vars.AWS_ROLE_ARN != ''");
    t.false(role?.with?.['output-env-credentials'], 'only the step that calls gets to see them');
    const call = steps.find(({ env }) => env?.AWS_ACCESS_KEY_ID !== undefined);
    const output = 'steps.role.outputs.aws';
    t.like(call?.env, {
      AWS_ACCESS_KEY_ID: `\${{ ${output}-access-key-id || secrets.AWS_ACCESS_KEY_ID }}`,
      AWS_SECRET_ACCESS_KEY: `\${{ ${output}-secret-access-key || secrets.AWS_SECRET_ACCESS_KEY }}`,
      AWS_SESSION_TOKEN: `\${{ ${output}-session-token }}`,
    });
  });
}
