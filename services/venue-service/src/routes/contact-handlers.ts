import { countedOnce } from '@whatsthecraic/platform/counted-once';
import type { Database } from '@whatsthecraic/platform/database';
import { Conflict, InvalidRequest } from '@whatsthecraic/platform/errors';
import { answered, replayedHeader } from '@whatsthecraic/platform/idempotency';
import { MailNotConfigured } from '@whatsthecraic/platform/mail/errors';
import { enqueueMail, recallMail } from '@whatsthecraic/platform/mail/outbox';
import { isMailOff } from '@whatsthecraic/platform/mail/readiness';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { createThrottle } from '@whatsthecraic/platform/throttle';
import { contactRequest, type contactRequests as contract } from '../contract/contact-requests.ts';
import type { Kind } from '../contract/shortlist.ts';
import type { Directories } from '../domain/directories.ts';
import { fillTemplate, templates } from '../domain/letters.ts';
import { contactCharges, FRESH_DAYS } from '../domain/limits.ts';
import { ContactedAlready, ContactRequestNotFound, NoEmail } from '../errors.ts';
import {
  deleteContactRequest,
  findContactRequest,
  followMails,
  hasFreshRequest,
  insertContactRequest,
  listContactRequests,
  mailOf,
  noteOutcome,
} from '../store/contact-requests.ts';
import { requirePlan } from './plan-handlers.ts';

const DAY_MS = 86_400_000;
/** A letter that could not be sent for so long has missed its moment. */
const MAIL_LIFE_MS = 3 * DAY_MS;

export const contactHandlers = (
  database: Database,
  directories: Directories,
): Handlers<typeof contract> => {
  const throttle = createThrottle(database);

  async function requireRequest(id: number, userId: number) {
    const found = await findContactRequest(database, id, userId);
    if (!found) throw new ContactRequestNotFound(id);
    return found;
  }

  async function recipientOf(kind: Kind, itemId: number, authorization: string) {
    const directory = directories[kind];
    const [found] = await directory.contactsOf([itemId], authorization);
    if (!found) throw directory.notFound(itemId);
    const { name, contact } = found;
    if (contact.email === null) throw new NoEmail(name, `/${kind}s/${itemId}/contact`);
    return { name, email: contact.email };
  }

  return {
    contactTemplates: () => ({
      templates: templates.map(({ kinds, ...rest }) => ({ ...rest, kinds: [...kinds] })),
    }),

    async createContactRequest({ body, caller, headers }) {
      const { kind, itemId, planId = null } = body;
      const claim = {
        ...{ owner: `user:${caller.id}`, operation: 'createContactRequest', request: body },
        key: headers['idempotency-key'],
      };
      const before = await answered(database, claim, contactRequest);
      if (before) return new Answer(before, { headers: replayedHeader(true) });
      if (await isMailOff(database)) throw new MailNotConfigured();
      const plan = planId === null ? undefined : (await requirePlan(database, planId, caller)).plan;
      const template = templates.find(({ id }) => id === body.template);
      if (template && !template.kinds.includes(kind)) {
        const message = `is no letter to a ${kind}; those are: ${namesFor(kind)}`;
        throw new InvalidRequest([{ field: 'body.template', message }]);
      }
      const { name, email } = await recipientOf(kind, itemId, headers.authorization);
      const message = [template && plan ? fillTemplate(template, plan) : undefined, body.message]
        .filter((part) => part !== undefined)
        .join('\n\n');
      const { value, replayed } = await countedOnce({
        ...{ database, throttle, claim, answer: contactRequest },
        charges: contactCharges(caller.id, kind, itemId),
        async work(queries) {
          const since = new Date(Date.now() - FRESH_DAYS * DAY_MS);
          if (await hasFreshRequest(queries, { userId: caller.id, kind, itemId, since })) {
            throw new ContactedAlready(name, FRESH_DAYS);
          }
          const mailId = await enqueueMail(queries, {
            kind: 'contact_request',
            to: email,
            data: { userId: caller.id, name, message },
            expiresAt: new Date(Date.now() + MAIL_LIFE_MS),
          });
          const made = { userId: caller.id, planId, kind, itemId, name, message, mailId };
          const id = await insertContactRequest(queries, made);
          const written = await findContactRequest(queries, id, caller.id);
          if (!written) throw new ContactRequestNotFound(id);
          return written;
        },
      });
      const location = { Location: `/v1/organizer/contact-requests/${value.id}` };
      return new Answer(value, { headers: { ...location, ...replayedHeader(replayed) } });
    },

    async listContactRequests({ query, caller }) {
      await followMails(database);
      return listContactRequests(database, { ...query, userId: caller.id });
    },

    async getContactRequest({ params, caller }) {
      await followMails(database);
      return requireRequest(params.id, caller.id);
    },

    async changeContactRequest({ params, body, caller }) {
      await followMails(database);
      const { status } = await requireRequest(params.id, caller.id);
      if (status === 'waiting' || status === 'failed') {
        throw new Conflict('not_sent', 'Nobody has got this letter', {
          detail: `its status is ${status}, so nothing can have come of it`,
        });
      }
      await noteOutcome(database, params.id, { status: body.status, note: body.note });
      return requireRequest(params.id, caller.id);
    },

    async removeContactRequest({ params: { id }, caller }) {
      await followMails(database);
      await requireRequest(id, caller.id);
      await database.transaction(async (queries) => {
        const mailId = await mailOf(queries, id);
        if (mailId === undefined) throw new ContactRequestNotFound(id);
        const found = await findContactRequest(queries, id, caller.id);
        if (found?.status === 'waiting' && !(await recallMail(queries, mailId))) {
          throw new Conflict('being_sent', 'The letter is just being sent', {
            detail: 'it cannot be taken back; look again in a minute',
          });
        }
        await deleteContactRequest(queries, id);
      });
    },
  };
};

const namesFor = (kind: Kind) =>
  templates
    .filter(({ kinds }) => kinds.includes(kind))
    .map(({ id }) => id)
    .join(', ');
