import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { manifestFolder } from '../helpers/rendered.ts';
import { withFlowTables } from './flow-tables.ts';

// UPDATE_DOCS=1 writes the page's tables anew.
test('docs/network.md – its tables – are the flows that the policies are held to', async (t) => {
  const file = join(manifestFolder, '..', 'docs', 'network.md');
  const page = await readFile(file, 'utf8');
  const current = withFlowTables(page);
  if (process.env.UPDATE_DOCS) await writeFile(file, current);
  else t.is(page, current);
  t.regex(current, /\| Traefik in kube-system \| aggregator, auth-service \| http \|/);
});
