import type { Diagnosis, ServiceDiagnosis } from '../diagnose/diagnose.ts';
import { evidenceLines } from './evidence-text.ts';

/** A diagnosis as a person reads it: what is wrong, what proves it and what to do; or that all is well. */
export function diagnosisText(where: string, { services, firstCause }: Diagnosis): string {
  const ill = services.filter((it) => !it.well);
  if (ill.length === 0) {
    const lines = services.map(({ service, message }) => `  ${service}: ${message}`);
    const all =
      services.length === 1 ? 'the service answers' : `all ${services.length} services answer`;
    return [`Nothing is wrong with ${where}: ${all}.`, ...lines].join('\n');
  }
  const names = ill.map((it) => it.service).join(', ');
  const well = services.filter((it) => it.well).map((it) => it.service);
  return [
    `${ill.length} of ${services.length} services of ${where} ${ill.length === 1 ? 'is' : 'are'} not well: ${names}.`,
    ...(firstCause ? [firstCause] : []),
    ...ill.flatMap((it) => ['', ...found(it)]),
    ...(well.length > 0 ? ['', `Well: ${well.join(', ')}.`] : []),
  ].join('\n');
}

const found = (it: ServiceDiagnosis): string[] => [
  `${it.service}${it.critical ? ' (critical)' : ''}: ${it.code}: ${it.message}`,
  ...(it.passing ? ['  It may pass by itself: look again in a minute.'] : []),
  ...(it.cure ? [`  ${it.cure}`] : []),
  ...evidenceLines(it.evidence),
];
