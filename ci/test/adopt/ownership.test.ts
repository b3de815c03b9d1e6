import test from 'ava';
import { withOwnership } from '../../src/adopt/ownership.ts';

const object = (...managedFields: readonly object[]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', managedFields },
});
const entry = (manager: string, operation: string, fieldsV1: object, more: object = {}) => ({
  ...{ manager, operation, apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 },
  ...more,
});
const client = entry('kubectl-client-side-apply', 'Update', { 'f:spec': { 'f:a': {} } });

const managed = (...entries: readonly object[]) => {
  const owned = withOwnership(object(...entries));
  return owned && (owned.metadata as unknown as { managedFields: unknown }).managedFields;
};

test('ownership – of a client-side apply – becomes ours, all else stays whose it was', (t) => {
  const set = entry('kubectl-set', 'Update', { 'f:spec': { 'f:b': {} } });
  t.deepEqual(managed(client, set), [
    entry('whatsthecraic', 'Apply', { 'f:spec': { 'f:a': {} } }),
    set,
  ]);
});

test('ownership – where we own fields already – is of both together', (t) => {
  const own = entry('whatsthecraic', 'Apply', { 'f:spec': { 'f:c': { 'f:d': {} } } });
  t.deepEqual(managed(own, client), [
    entry('whatsthecraic', 'Apply', { 'f:spec': { 'f:a': {}, 'f:c': { 'f:d': {} } } }),
  ]);
});

test('ownership – of a subresource, of a server-side apply, or of nobody – is left', (t) => {
  t.is(managed(), undefined);
  const status = entry('kubectl-client-side-apply', 'Update', {}, { subresource: 'status' });
  t.is(managed(status, entry('kubectl', 'Apply', {})), undefined);
});
