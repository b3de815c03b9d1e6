import type { Contract } from '@whatsthecraic/platform/route';
import { accounts } from './contract/accounts.ts';
import { sessions } from './contract/sessions.ts';

export const contract = { ...accounts, ...sessions } as const satisfies Contract;
