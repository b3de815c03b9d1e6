import { Conflict, NotFound } from '@whatsthecraic/platform/errors';

export class EventNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no event ${id}`, 'event_not_found');
  }
}

export class PerformerNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no performer ${id}`, 'performer_not_found');
  }
}

/** Which of the two it is, never was or was revoked, is nobody's business. */
export class CalendarNotFound extends NotFound {
  constructor() {
    super('there is no calendar at this address, or not any more', 'calendar_not_found');
  }
}

export class AlertNotFound extends NotFound {
  constructor(id: number) {
    super(`you have no alert ${id}`, 'alert_not_found');
  }
}

export class TooManyAlerts extends Conflict {
  constructor(most: number) {
    const detail = `${most} alerts are the most; remove one first`;
    super('too_many_alerts', 'Too many alerts', { detail });
  }
}

export class UnknownUnsubscribeLink extends NotFound {
  constructor() {
    super(
      'this link is unknown or too old; remove the alerts where you are logged in',
      'unknown_unsubscribe_link',
    );
  }
}
