import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { serverSettings, urlSetting } from '@whatsthecraic/platform/settings';
import { z } from 'zod';

export const settings = {
  ...serverSettings(4000),
  requestsPerMinute: new Setting(
    'REQUESTS_PER_MINUTE',
    z.coerce.number().int().min(0).max(1_000_000).default(600),
    {
      expected: 'how often one address or one user may ask in a minute; 0 for no limit',
      example: '600',
    },
  ),
  upstreams: {
    auth: urlSetting('AUTH_SERVICE_URL', 'http://auth-service:3001'),
    events: urlSetting('EVENTS_SERVICE_URL', 'http://events-service:4003'),
    dj: urlSetting('DJ_SERVICE_URL', 'http://dj-service:4002'),
    venue: urlSetting('VENUE_SERVICE_URL', 'http://venue-service:4001'),
    ml: urlSetting('ML_SERVICE_URL', 'http://ml-service:4004'),
  },
};

export type Config = ConfigOf<typeof settings>;
export type UpstreamKey = keyof Config['upstreams'];
