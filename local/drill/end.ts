import { PipelineError } from '../../ci/src/errors.ts';
import type { Release } from '../../ci/src/report/release.ts';
import { releaseText } from '../../ci/src/report/release-text.ts';
import type { End } from './drill.ts';

/** The end of a deploy as one service shows it. */
export function endOf(release: Release, service: string): End {
  const found = release.services.find((it) => it.service === service);
  const { apply, serving, verified } = release.seconds;
  const rolledOut = found?.readySeconds !== undefined;
  return {
    code: found?.code ?? 'ABSENT',
    state: release.state,
    seconds: apply + serving + (rolledOut ? verified : 0),
    report: releaseText(release),
  };
}

/** The end of a call that is refused before anything is applied; throws if it is not. */
export async function endOfRefused(call: () => Promise<unknown>): Promise<End> {
  const started = performance.now();
  try {
    await call();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const seconds = (performance.now() - started) / 1_000;
    return { code: error.code, state: 'untouched', seconds, report: error.message };
  }
  throw new Error('the call was not refused');
}
