import { NotFound } from '@whatsthecraic/platform/errors';

export class VenueNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no venue ${id}`, 'venue_not_found');
  }
}
