import { type Charge, countedAddress, type Limit } from '@whatsthecraic/platform/throttle';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How often somebody may try; successes of a login are not counted. */
const limits = {
  /** Guessing the password of one account from one place. */
  loginHere: { name: 'login-account-address', most: 10, windowMs: 15 * MINUTE },
  /** The same from many places; higher, or anyone could lock anyone out. */
  loginAccount: { name: 'login-account', most: 100, windowMs: HOUR },
  /** One place that tries many accounts; a hostel or a mobile network has many people behind it. */
  loginAddress: { name: 'login-address', most: 100, windowMs: 15 * MINUTE },
  /** The password asked for again within a session. */
  password: { name: 'password-account', most: 10, windowMs: 15 * MINUTE },
  signUpAddress: { name: 'sign-up-address', most: 20, windowMs: HOUR },
  /** Nobody gets more mail than this that others asked for. */
  mailTo: { name: 'mail-to', most: 5, windowMs: HOUR },
  /** Each is a row, and a way to Spotify. */
  spotifyLink: { name: 'spotify-link', most: 20, windowMs: HOUR },
  spotifySync: { name: 'spotify-sync', most: 6, windowMs: HOUR },
  mailAddress: { name: 'mail-address', most: 20, windowMs: HOUR },
} as const satisfies Record<string, Limit>;

export const loginCharges = (email: string, address: string): readonly Charge[] => {
  const from = countedAddress(address);
  return [
    { limit: limits.loginHere, key: `${email}\n${from}` },
    { limit: limits.loginAccount, key: email },
    { limit: limits.loginAddress, key: from },
  ];
};

export const passwordCharges = (userId: number): readonly Charge[] => [
  { limit: limits.password, key: String(userId) },
];

export const signUpCharges = (email: string, address: string): readonly Charge[] => [
  { limit: limits.signUpAddress, key: countedAddress(address) },
  { limit: limits.mailTo, key: email },
];

export const mailCharges = (email: string, address: string): readonly Charge[] => [
  { limit: limits.mailAddress, key: countedAddress(address) },
  { limit: limits.mailTo, key: email },
];

export const spotifyLinkCharges = (userId: number): readonly Charge[] => [
  { limit: limits.spotifyLink, key: String(userId) },
];

export const spotifySyncCharges = (userId: number): readonly Charge[] => [
  { limit: limits.spotifySync, key: String(userId) },
];
