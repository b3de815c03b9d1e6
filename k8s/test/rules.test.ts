import test from 'ava';
import { objectName } from '../../ci/src/manifests/objects.ts';
import { overlay, overlays } from './helpers/overlays.ts';
import { availability } from './rules/availability.ts';
import { hygiene } from './rules/hygiene.ts';
import { podSecurity } from './rules/pod-security.ts';
import { references } from './rules/references.ts';
import type { Draft } from './rules/rule.ts';
import { waivers } from './rules/waivers.ts';

const rules = [...podSecurity, ...availability, ...references, ...hygiene];
const waived = new Map(waivers.map(({ rule, reason }) => [rule, reason]));
const production = overlay('production');

for (const rule of rules.filter(({ name }) => !waived.has(name))) {
  for (const [name, objects] of overlays) {
    const subjects = rule.of(objects);
    if (subjects.length === 0) continue;

    test(`${name} – ${subjects[0]?.kind}, ${rule.name} – holds of every object`, (t) => {
      const breaking = subjects.filter((object) => !rule.holds(object, objects));
      t.deepEqual(breaking.map(objectName), []);
    });
  }

  const kind = rule.of(production)[0]?.kind;
  test(`rules – ${kind}, ${rule.name} – sees an object that breaks it`, (t) => {
    const drafts: Draft[] = structuredClone([...production]);
    const [subject] = rule.of(drafts);
    if (!subject) return t.fail('the rule speaks of no object of production');
    rule.breakIt(subject, drafts);
    t.false(rule.holds(subject, drafts));
  });
}

test('waivers – each waived rule – is broken indeed, so that no waiver outlives its reason', (t) => {
  for (const name of waived.keys()) {
    const rule = rules.find((each) => each.name === name);
    const subjects = rule?.of(production) ?? [];
    t.true(subjects.length > 0, name);
    t.true(
      subjects.every((object) => rule?.holds(object, production) === false),
      name,
    );
  }
});
