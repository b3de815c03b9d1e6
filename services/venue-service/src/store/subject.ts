import type { Subject } from '@whatsthecraic/platform/directory/subject';
import { VenueNotFound } from '../errors.ts';

export const subject: Subject = {
  kind: 'venue',
  table: 'venues',
  notFound: (id) => new VenueNotFound(id),
};
