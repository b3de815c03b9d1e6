import { Conflict, NotFound } from '@whatsthecraic/platform/errors';

export class ScopeNotFound extends NotFound {
  constructor(source: string, scope: string) {
    super(`${source} has never been asked for ${JSON.stringify(scope)}`, 'scope_not_found');
  }
}

export class RowNotFound extends NotFound {
  constructor(id: number) {
    super(`no source has a row ${id}`, 'row_not_found');
  }
}

export class MatchNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no decision ${id}`, 'match_not_found');
  }
}

/** Rows of two cities are never one event: one of them is in the wrong place. */
export class RowsInTwoCities extends Conflict {
  constructor(one: string, other: string) {
    super('rows_in_two_cities', 'The rows lie in two cities', {
      detail: `one is in ${one} and the other in ${other}`,
    });
  }
}
