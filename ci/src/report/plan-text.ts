import type { Change } from '../plan/diff.ts';
import type { Finding } from '../plan/finding.ts';
import type { HandMadeField, MigrationsPlan, ObjectPlan, Plan, ServicePlan } from '../plan/plan.ts';
import { textTable } from './text-table.ts';

/** A plan as a person reads it: the services, then every change, then what to mind, the outcome last. */
export function planText(plan: Plan): string {
  const commit = plan.commit.slice(0, 12) || 'unknown';
  const rows = [['SERVICE', 'IMAGE', 'ROLLOUT'], ...plan.services.map(serviceRow)];
  return [
    `Plan for ${plan.overlay} on ${plan.target}, commit ${commit} of ${plan.branch || 'an unknown branch'}`,
    '',
    textTable(rows),
    ...section('To build:', plan.services.filter(({ image }) => image === 'to build').map(inputs)),
    ...migrationLines(plan.migrations),
    ...objectLines(plan),
    ...section('Changed by hand:', plan.handMade.filter(isTaken).map(handMadeLine)),
    ...section(
      'Left to an autoscaler, or to whoever scales, from now on:',
      plan.handMade.filter((it) => !isTaken(it)).map(handMadeLine),
    ),
    ...section('Not all new pods have room at once. They roll in waves:', waveLines(plan.waves)),
    ...section('Removed once the release is proven:', plan.removed.map(listed)),
    ...section('In no release any more, and not removed:', plan.withheld.map(listed)),
    ...section('Left over (no record of a release lists it):', plan.leftOver.map(listed)),
    ...section('Warnings:', plan.warnings.map(findingLines)),
    ...section('A deploy could not work:', plan.obstacles.map(findingLines)),
    '',
    outcome(plan),
  ].join('\n');
}

const listed = (line: string): string => `  ${line}`;

const section = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', head, ...lines];

function migrationLines({ database, image, pending }: MigrationsPlan): string[] {
  const built = image === 'to build' ? ', whose image is to build' : '';
  const list = pending.map(({ migration, kind }) => `  ${migration} (${kind})`);
  if (database === 'behind') return ['', `Migrations to run first${built}:`, ...list];
  if (database === 'unknown' && pending.length > 0) {
    return [
      '',
      `Migrations${built}: no service says what the database has; of these it gets what it lacks:`,
      ...list,
    ];
  }
  if (database === 'ahead')
    return ['', 'Migrations: the database has those of later commits, and keeps them.'];
  return image === 'to build' ? ['', 'Migrations: none to run; their image is to build.'] : [];
}

const waveLines = (waves: Plan['waves']): string[] =>
  waves.length < 2 ? [] : waves.map((names, index) => `  ${index + 1}. ${names.join(', ')}`);

function serviceRow({ service, image, source, runs, rollout, reasons }: ServicePlan): string[] {
  const tag = source.slice(0, 12);
  const same = source !== '' && source === runs ? 'runs' : 'there';
  const shown = { there: `${tag} ${same}`, 'to build': `${tag} to build`, unknown: 'unknown' };
  const rolls = {
    new: 'new',
    rolls: `rolls: ${reasons.join(', ')}`,
    stays: 'stays',
    unknown: 'unknown',
  };
  return [service, shown[image], rolls[rollout]];
}

const inputs = ({ service, source, inputs: parts }: ServicePlan): string =>
  `  ${service} ${source.slice(0, 12)}, made of ${parts.join(', ')}`;

function objectLines({ objects, namespace }: Plan): string[] {
  const of = (what: ObjectPlan['what']) => objects.filter((it) => it.what === what);
  if (objects.length === 0) return [];
  const counts = (['create', 'change', 'replace', 'unchanged', 'refused'] as const)
    .map((what) => [what, of(what).length] as const)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${words[what]}`);
  const elsewhere =
    namespace === 'to create'
      ? ['  Their namespace is not there yet, so the server judged them in another one.']
      : [];
  const created = of('create').map(({ object }) => `  create  ${object}`);
  const changed = objects
    .filter(({ changes }) => changes.length > 0)
    .flatMap(({ object, what, changes }) => [
      `  ${what.padEnd(7)} ${object}`,
      ...changes.map((it) => `            ${changeText(it)}`),
    ]);
  return ['', `Objects: ${counts.join(', ')}`, ...elsewhere, ...created, ...changed];
}

const words = {
  create: 'to create',
  change: 'to change',
  replace: 'to replace',
  unchanged: 'unchanged',
  refused: 'refused',
} as const;

function changeText({ path, what, before, after }: Change): string {
  if (what === 'changed' && before !== undefined && after !== undefined) {
    return `${path}: ${short(before)} → ${short(after)}`;
  }
  const value = after ?? before;
  return `${path}: ${what}${value === undefined ? '' : ` ${short(value)}`}`;
}

/** Digests as far as people compare them; nobody knows that of an image to build. */
const short = (value: string): string =>
  value
    .replace(/@sha256:0{64}$/, ' (to build)')
    .replace(/@sha256:([0-9a-f]{12})[0-9a-f]{52}$/, '@sha256:$1');

const isTaken = ({ fate }: HandMadeField): boolean => fate !== 'handed over';

function handMadeLine(it: HandMadeField): string {
  const value = it.live === undefined ? '' : ` = ${short(it.live)}`;
  const when = it.time ? ` at ${it.time}` : '';
  const wanted = it.wanted === undefined ? 'another value' : short(it.wanted);
  const fate = {
    refused: `the manifests want ${wanted}, a deploy would be refused`,
    taken: `the manifests want ${wanted}, the deploy takes it`,
    kept: 'not in the manifests, a deploy leaves it',
    removed: 'not in the manifests, a deploy removes it',
    'handed over': 'not in the manifests, the number stays',
  };
  return `  ${it.object}: ${it.path}${value}, by ${it.manager}${when}: ${fate[it.fate]}`;
}

const findingLines = ({ code, message }: Finding): string =>
  `  ${code}: ${message.replaceAll('\n', '\n    ')}`;

function outcome({ outcome: it, services, obstacles, fingerprint }: Plan): string {
  const rolling = services.filter(({ rollout }) => rollout === 'rolls' || rollout === 'new');
  const built = services.filter(({ image }) => image === 'to build');
  if (it === 'blocked') {
    const count = obstacles.length === 1 ? '1 obstacle' : `${obstacles.length} obstacles`;
    return `Blocked: ${count}. Nothing was changed.`;
  }
  if (it === 'nothing to do') return 'Nothing to do: a deploy would change nothing.';
  return `A deploy would build ${built.length} of ${services.length} images and roll ${rolling.length} of ${services.length} services. Nothing was changed.\nFingerprint ${fingerprint}: \`deploy --expect ${fingerprint}\` does this, or refuses if it has become something else.`;
}
