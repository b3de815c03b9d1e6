import { NotFound } from '@whatsthecraic/platform/errors';

export class DjNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no dj ${id}`, 'dj_not_found');
  }
}
