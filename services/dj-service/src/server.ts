import { readConfig } from '@whatsthecraic/platform/config';
import { runService } from '@whatsthecraic/platform/run';
import { createDjService } from './app.ts';
import { settings } from './config.ts';

await runService('dj-service', () => {
  const config = readConfig(settings);
  return { config, service: createDjService(config) };
});
