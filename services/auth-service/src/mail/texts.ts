import type { Message } from '@whatsthecraic/platform/mail/sender';

const SITE = 'What’s the Craic';

export const confirmSignup = (name: string, link: string): Message => ({
  subject: `Confirm your address for ${SITE}`,
  text: letter(name, [
    `Somebody, most likely you, asked for an account at ${SITE} with this address.`,
    `Confirm it within 24 hours, and the account is yours:\n\n${link}`,
    'If it was not you, do nothing: without this link there will be no account.',
  ]),
});

export const alreadyAccount = (site: string): Message => ({
  subject: `You have an account at ${SITE}`,
  text: letter('', [
    `Somebody asked for an account at ${SITE} with this address, which has one already.`,
    `If it was you, log in, or set a new password where it is forgotten:\n\n${site}`,
    'If it was not you, do nothing: nothing has changed.',
  ]),
});

export const confirmEmail = (name: string, link: string): Message => ({
  subject: `Confirm your address for ${SITE}`,
  text: letter(name, [`Confirm within 24 hours that this address is yours:\n\n${link}`]),
});

export const moveEmail = (name: string, link: string): Message => ({
  subject: `Confirm your new address for ${SITE}`,
  text: letter(name, [
    `Your account at ${SITE} is to have this address from now on.`,
    `Confirm it within 24 hours, and it has:\n\n${link}`,
    'If it was not you, do nothing: without this link nothing changes.',
  ]),
});

export const resetPassword = (name: string, link: string): Message => ({
  subject: `Set a new password for ${SITE}`,
  text: letter(name, [
    `Somebody, most likely you, wants to set a new password at ${SITE}.`,
    `This link does it, once, for 30 minutes:\n\n${link}`,
    'If it was not you, do nothing: your password stays as it is.',
  ]),
});

/** A letter of an organizer: the site carries it, and an answer goes to the organizer. */
export const contactRequest = (written: {
  readonly to: string;
  readonly from: { readonly name: string; readonly email: string };
  readonly message: string;
}): Message => ({
  subject: `${written.from.name} asks by ${SITE}`,
  replyTo: written.from.email,
  text: [
    `Hello ${written.to},`,
    written.message,
    written.from.name,
    `Answer this mail to reach ${written.from.name} (${written.from.email}). You get it because you are listed at ${SITE}, whose organizers may write to you a few times a day. If you do not want that, tell us, and your address is taken off.`,
  ].join('\n\n'),
});

/** What was announced that somebody wanted to be told of. */
export const alertDigest = (told: {
  readonly name: string;
  readonly events: readonly AnnouncedEvent[];
  readonly unsubscribe: string;
}): Message => {
  const [first, ...others] = told.events;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    subject: `${first?.title}${more}: news for your alerts`,
    unsubscribe: told.unsubscribe,
    text: letter(told.name, [
      'This was announced, and you wanted to be told:',
      told.events.map(announced).join('\n\n'),
      `You get at most one such mail a day. To get none any more, open this link and say so:\n\n${told.unsubscribe}`,
    ]),
  };
};

export interface AnnouncedEvent {
  readonly title: string;
  readonly startsAt: Date;
  readonly city: string;
  readonly venue: string | null;
  readonly ticketUrl: string | null;
}

const clock = new Intl.DateTimeFormat('en-IE', {
  ...{ weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
  ...{ hour12: false, timeZone: 'Europe/Dublin' },
});

const announced = ({ title, startsAt, city, venue, ticketUrl }: AnnouncedEvent) =>
  [
    title,
    `${clock.format(startsAt)}, ${venue === null ? city : `${venue}, ${city}`}`,
    ...(ticketUrl === null ? [] : [ticketUrl]),
  ].join('\n');

export const NOTICES = [
  'password_changed',
  'password_reset',
  'email_change_asked',
  'email_changed',
  'organizer_granted',
  'organizer_refused',
] as const;

const notices: Readonly<Record<(typeof NOTICES)[number], readonly [string, string]>> = {
  password_changed: [
    'Your password was changed',
    'The password of your account was changed, and all other sessions were ended.',
  ],
  password_reset: [
    'Your password was set anew',
    'The password of your account was set anew by a link in a mail, and all sessions were ended.',
  ],
  email_change_asked: [
    'Your account is to have another address',
    'Somebody, most likely you, asked that your account have another address. It gets it when that mailbox has answered; until then nothing changes.',
  ],
  email_changed: [
    'Your account has another address',
    'Your account has another address now, and mails to this one are over.',
  ],
  organizer_granted: [
    'You are an organizer now',
    'Your request was granted: you can use everything that is there for organizers.',
  ],
  organizer_refused: [
    'Your request was refused',
    'Your request to become an organizer was refused. What was said about it stands in your account.',
  ],
};

const cures: readonly (readonly [RegExp, string])[] = [
  [/^password|^email_change_asked/, 'If it was not you, set a new password at once:'],
  [/^email_changed/, 'If it was not you, tell whoever runs the site at once:'],
];

/** What an owner has to hear of, whoever did it. */
export function notice(what: (typeof NOTICES)[number], site: string): Message {
  const [subject, sentence] = notices[what];
  const cure = cures.find(([pattern]) => pattern.test(what))?.[1] ?? 'The site:';
  return { subject: `${subject} at ${SITE}`, text: letter('', [sentence, `${cure}\n\n${site}`]) };
}

const letter = (name: string, paragraphs: readonly string[]) =>
  [name ? `Hello ${name},` : 'Hello,', ...paragraphs, SITE].join('\n\n');
