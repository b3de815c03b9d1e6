import type { ConfigOf } from '@whatsthecraic/platform/config';
import { serverSettings, urlSetting } from '@whatsthecraic/platform/settings';

export const settings = {
  ...serverSettings(4000),
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
