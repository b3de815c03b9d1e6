import { readConfig } from '@whatsthecraic/platform/config';
import { runService } from '@whatsthecraic/platform/run';
import { createVenueService } from './app.ts';
import { settings } from './config.ts';

await runService('venue-service', () => {
  const config = readConfig(settings);
  return { config, service: createVenueService(config) };
});
