import { NotFound } from '@whatsthecraic/platform/errors';

export class EventNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no event ${id}`, 'event_not_found');
  }
}
