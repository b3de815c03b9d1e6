import { HttpError, NotFound } from '@whatsthecraic/platform/errors';

export class VenueNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no venue ${id}`, 'venue_not_found');
  }
}

/** A city has a venue of this name at this address already. */
export class VenueExists extends HttpError {
  override readonly name = 'VenueExists';

  constructor() {
    const message = 'the city has a venue of this name at this address; change that one instead';
    super(409, 'venue_exists', 'The venue is known', {
      detail: message,
      errors: [{ field: 'body.name', message }],
    });
  }
}
