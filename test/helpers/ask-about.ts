import { systemClock } from '../../ci/src/clock.ts';
import { type Diagnosis, diagnose } from '../../ci/src/diagnose/diagnose.ts';
import { type ContainerLog, readLogs } from '../../ci/src/logs/read-logs.ts';
import { services } from '../../ci/src/services.ts';
import { look } from '../../ci/src/status/ask.ts';
import { judgeStatus } from '../../ci/src/status/judge-status.ts';
import type { Status } from '../../ci/src/status/status.ts';
import type { Target } from '../../ci/src/target/target.ts';

export interface Told {
  readonly status: Status;
  readonly diagnosis: Diagnosis;
  readonly logs: readonly ContainerLog[];
}

/** What `status`, `diagnose` and `logs` tell of the platform at this moment. */
export async function askAbout(target: Target): Promise<Told> {
  const { description } = target;
  const status = judgeStatus(await look(target, systemClock), {
    overlay: 'local',
    target: description,
  });
  const diagnosis = await diagnose({ target, services });
  const logs = await readLogs({ target, services, tail: 20, previous: false });
  return { status, diagnosis, logs };
}
