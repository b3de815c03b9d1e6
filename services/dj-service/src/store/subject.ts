import type { Subject } from '@whatsthecraic/platform/directory/subject';
import { DjNotFound } from '../errors.ts';

export const subject: Subject = {
  kind: 'dj',
  table: 'djs',
  notFound: (id) => new DjNotFound(id),
};
