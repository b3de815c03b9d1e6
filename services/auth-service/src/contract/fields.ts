import { ROLES } from '@whatsthecraic/platform/caller';
import { z } from 'zod';

/** RFC 5321 §4.5.3.1.3 allows no longer address; one person's is kept in one form. */
export const email = z
  .string()
  .max(254)
  .transform((text) => text.normalize('NFC').trim().toLowerCase())
  .pipe(z.email());

/** NIST SP 800-63B wants 64 at least; without a limit a password is a way to keep us busy. */
export const password = z.string().min(1).max(128);

/** Any eight characters and more; what of these is known to everybody is refused when it is set. */
export const newPassword = z
  .string()
  .max(128)
  .refine((text) => [...text].length >= 8, 'expected 8 characters at least');

export const personName = z
  .string()
  .transform((text) => text.normalize('NFC').trim().replace(/\s+/g, ' '))
  .pipe(
    z
      .string()
      .min(1)
      .max(120)
      .regex(/^\P{C}*$/u, 'expected no control characters'),
  );

/** A few lines that a person writes. */
export const note = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .max(1000)
      .regex(/^[\P{C}\n\r\t]*$/u, 'expected no control characters but line ends'),
  );

/** What a link in a mail bears. */
export const oneTimeToken = z.string().regex(/^[\w-]{43}$/, 'expected the token of the mail');

export const time = z.iso.datetime();

export const user = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    email: z.string(),
    emailConfirmed: z.boolean(),
    role: z.enum(ROLES),
    createdAt: time,
  })
  .describe('An account, as its owner sees it');

export const nothing = z.void();
