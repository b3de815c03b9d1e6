import assert from 'node:assert/strict';
import { namespace } from '../../../ci/src/namespace.ts';
import type { Drill } from '../drill.ts';
import { endOf, endOfRefused } from '../end.ts';

const here = `--namespace=${namespace}`;
const limit = 'jsonpath={.spec.template.spec.containers[0].resources.limits.memory}';

export const drill: Drill = {
  what: 'somebody edited a live Deployment: a deploy is refused and names it, --adopt takes it back',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 90 },
  run: async ({ admin, deploy, say }) => {
    const read = () => admin(['get', 'deployment/dj-service', here, '-o', limit]);
    const before = await read();
    await admin(['set', 'resources', 'deployment/dj-service', '--limits=memory=224Mi', here]);
    assert.equal(await read(), '224Mi');

    const refused = await endOfRefused(() => deploy());
    say(`refused after ${refused.seconds.toFixed(1)} s: ${refused.report}`);
    assert.equal(refused.code, 'ADOPT_NEEDED');
    assert.match(refused.report ?? '', /dj-service.*memory/);
    assert.match(refused.report ?? '', /kubectl-set/, 'who did it');
    assert.equal(await read(), '224Mi', 'nothing was touched');

    const release = await deploy({ adopt: true });
    assert.equal(await read(), before);
    assert.equal((await deploy()).state, 'verified', 'from now on no --adopt is needed');
    return endOf(release, 'dj-service');
  },
};
