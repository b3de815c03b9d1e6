import assert from 'node:assert/strict';
import { diagnose } from '../../../ci/src/diagnose/diagnose.ts';
import { readLogs } from '../../../ci/src/logs/read-logs.ts';
import { namespace } from '../../../ci/src/namespace.ts';
import { services } from '../../../ci/src/services.ts';
import { readCommands } from '../commands.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { recording } from '../recording.ts';
import { rollOne } from '../roll-one.ts';

const read = ['get', 'secret', 'whatsthecraic-secrets', `--namespace=${namespace}`, '-o', 'json'];

export const drill: Drill = {
  what: 'all that the node was told since it stands, and all that it answers, is searched for the Secret’s values',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 90 },
  run: async ({ admin, deploy, keep, servers, target: plain }) => {
    const { data } = JSON.parse(await admin(read)) as { data: Record<string, string> };
    const canaries = ['DB_PASSWORD', 'JWT_SECRET'].flatMap((key) => {
      const value = Buffer.from(data[key] ?? '', 'base64').toString();
      return [value, data[key] ?? '', encodeURIComponent(value)];
    });
    assert.ok(canaries.every((it) => it.length >= 16));
    const { target, said } = recording(plain);

    const objects = rollOne('dj-service');
    const release = await deploy({ target, objects });
    await diagnose({ target, services });
    await readLogs({ target, services, tail: 200, previous: false });

    const told = await readCommands(servers.aws.orchestrationFolder);
    for (const [where, text] of Object.entries({ told, answered: said() })) {
      assert.ok(text.includes(release.id) && text.includes('dj-service'), `${where} is readable`);
      assert.ok(!canaries.some((it) => text.includes(it)), `a secret is in what was ${where}`);
    }
    keep('dj-service', { objects });
    return endOf(release, 'dj-service');
  },
};
