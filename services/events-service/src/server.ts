import { readConfig } from '@whatsthecraic/platform/config';
import { runService } from '@whatsthecraic/platform/run';
import { createEventsService } from './app.ts';
import { settings } from './config.ts';

await runService('events-service', () => {
  const config = readConfig(settings);
  return { config, service: createEventsService(config) };
});
