import type { Database } from '@whatsthecraic/platform/database';
import { replayedHeader } from '@whatsthecraic/platform/idempotency';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { createAlertStore } from '../store/alerts.ts';
import type { alertsContract } from './contract.ts';

export function createAlertHandlers(database: Database): Handlers<typeof alertsContract> {
  const alerts = createAlertStore(database);
  return {
    async createAlert({ body, caller, headers }) {
      const { value, replayed } = await alerts.create(caller.id, body, headers['idempotency-key']);
      return new Answer(value, { headers: replayedHeader(replayed) });
    },
    listAlerts: ({ query, caller }) => alerts.list(caller.id, query),
    async removeAlert({ params, caller }) {
      await alerts.remove(caller.id, params.id);
    },
    listNotifications: ({ query, caller }) => alerts.notifications(caller.id, query),
    async unsubscribe({ body }) {
      await alerts.unsubscribe(body.token);
    },
  };
}
