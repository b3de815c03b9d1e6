import type { ServiceHealth } from '../health/verify.ts';
import { textTable } from './text-table.ts';

/** The platform's health as a person reads it. */
export function healthText(target: string, results: readonly ServiceHealth[]): string {
  const rows = [
    ['SERVICE', 'RELEASE', 'COMMIT', 'HEALTH'],
    ...results.map((it) => [
      it.service,
      it.source.slice(0, 12) || 'unrecorded',
      it.commit.slice(0, 12) || 'unrecorded',
      `${it.healthy ? 'healthy' : 'UNHEALTHY'}: ${it.message}`,
    ]),
  ];
  const ill = results.filter((it) => !it.healthy);
  const verdict =
    ill.length === 0
      ? `All ${results.length} services are healthy.`
      : `${ill.length} of ${results.length} services ${ill.length === 1 ? 'is' : 'are'} not healthy: ${ill.map((it) => it.service).join(', ')}.`;
  return [`Health of ${target}`, '', textTable(rows), ...ill.flatMap(others), '', verdict].join(
    '\n',
  );
}

/** What else is wrong with a service: the table has room for one thing, and the cause may be another. */
function others({ service, message, findings }: ServiceHealth): string[] {
  const lines = findings
    .filter((it) => !it.healthy)
    .map((it) => `${it.via === 'service' ? 'Service' : it.via} ${it.subject} ${it.message}`)
    .filter((line) => !message.includes(line));
  const unlike = [...new Set(lines)];
  return unlike.length === 0 ? [] : ['', `${service} also:`, ...unlike.map((line) => `  ${line}`)];
}
