import { readdir, readFile } from 'node:fs/promises';
import { cgroupRoot } from '../../kubernetes/cgroups.ts';
import { processStartTime } from '../../processes.ts';
import { run } from '../../run.ts';
import type { Instance } from '../../state.ts';

/** Everything on the machine that bears the instance's mark, its folder or its link. */
export async function leftovers(instance: Instance, linkName: string): Promise<string[]> {
  const found: string[] = [];
  const mark = cgroupRoot(instance);
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    // A zombie holds nothing; when its parent asks for it is the parent's affair.
    if (Number(pid) === process.pid || !(await processStartTime(Number(pid)))) continue;
    for (const file of ['environ', 'cgroup', 'mountinfo']) {
      const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
      if (text.includes(mark) || text.includes(`${instance.stateFolder}/kubernetes`)) {
        found.push(`process ${pid}: ${file}`);
      }
    }
  }
  const links = await run(['ip', '-o', 'link']);
  if (links.includes(`${linkName}@`)) found.push(`link ${linkName}`);
  if ((await run(['ip', 'route'])).includes(linkName)) found.push(`route through ${linkName}`);
  const groups = await run(['find', '/sys/fs/cgroup', '-maxdepth', '2', '-name', mark]);
  found.push(...groups.split('\n').filter(Boolean));
  const files: string[] = await readdir(instance.stateFolder).catch(() => []);
  for (const name of ['kubernetes', 'network.json', 'registry']) {
    if (files.includes(name)) found.push(`file ${name}`);
  }
  return found;
}
