import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { namespace } from '../../../ci/src/namespace.ts';
import { runFirst } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

/** As a process behaves that nobody taught to stop: it goes on serving who keeps a connection. */
const deaf = `const on = process.on;
process.on = function (event, ...more) {
  return /^SIG(TERM|INT)$/.test(event) ? this : on.call(this, event, ...more);
};
on.call(process, 'SIGTERM', () => {});`;

export const drill: Drill = {
  what: 'the old pod of dj-service ignores SIGTERM, and its callers keep their connections',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 150 },
  run: async (stage) => {
    const first = await stage.deploy({ objects: runFirst('dj-service', deaf) });
    assert.equal(first.state, 'verified');
    const said: string[] = [];
    const stop = await keepAsking(stage.admin);
    stage.after(async () => stop());
    const say = (line: string) => {
      said.push(line);
      stage.say(line);
    };

    const release = await stage.deploy({ say });

    const told = said.find((line) => /\d+ % of the answers .* previous release/.test(line));
    assert.ok(told, 'the share of answers is said');
    assert.match(told, /ignores SIGTERM/);
    return endOf(release, 'dj-service');
  },
};

/** Four callers of the Service that each keep one connection. */
async function keepAsking(admin: (args: readonly string[]) => Promise<string>) {
  const path = 'jsonpath={.spec.clusterIP}';
  const host = await admin([
    'get',
    'service',
    'dj-service',
    `--namespace=${namespace}`,
    '-o',
    path,
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let going = true;
  const ask = (): void => {
    if (!going) return;
    const request = get({ host, port: 4002, path: '/v1/djs?limit=1', agent }, (answer) => {
      answer.resume();
      answer.once('end', () => setTimeout(ask, 50));
    });
    request.once('error', () => setTimeout(ask, 50));
  };
  for (let caller = 0; caller < 4; caller += 1) ask();
  return () => {
    going = false;
    agent.destroy();
  };
}
