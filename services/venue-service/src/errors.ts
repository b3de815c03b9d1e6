import { Conflict, HttpError, NotFound } from '@whatsthecraic/platform/errors';

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

export class PlanNotFound extends NotFound {
  constructor(id: number) {
    super(`you have no plan ${id}`, 'plan_not_found');
  }
}

export class ContactRequestNotFound extends NotFound {
  constructor(id: number) {
    super(`you have no contact request ${id}`, 'contact_request_not_found');
  }
}

export class ShortlistFull extends Conflict {
  constructor(most: number) {
    super('shortlist_full', 'The shortlist is full', {
      detail: `it holds ${most} at most; take some off first`,
    });
  }
}

/** Nobody is written to again while the last letter is fresh. */
export class ContactedAlready extends Conflict {
  constructor(name: string, days: number) {
    super('contacted_already', 'You have written already', {
      detail: `${name} has a letter of yours of the last ${days} days; wait for the answer`,
    });
  }
}

export class NoEmail extends Conflict {
  constructor(name: string, path: string) {
    super('no_email', 'There is no address to write to', {
      detail: `${name} has no e-mail address; ${path} says how else to reach them`,
    });
  }
}
