import type { ContainerLog } from '../logs/read-logs.ts';

/** Logs as a person reads them: each below its container's name, and what is left out is said. */
export function logsText(logs: readonly ContainerLog[], where: string): string {
  if (logs.length === 0) return `There is no pod of these services in ${where}.`;
  return logs.map(oneLog).join('\n\n');
}

function oneLog({ service, pod, container, lines, cut, trouble }: ContainerLog): string {
  const part = container === service ? '' : `, container ${container}`;
  const head = `--- ${pod}${part} ---`;
  if (trouble !== undefined) return `${head}\nno log: ${trouble}`;
  if (lines.length === 0) return `${head}\nnothing written`;
  const more = cut ? ['(there is more: longer lines, or earlier ones with a greater --tail)'] : [];
  return [head, ...more, ...lines].join('\n');
}
