import { readConfig } from '@whatsthecraic/platform/config';
import { runService } from '@whatsthecraic/platform/run';
import { createMlService } from './app.ts';
import { settings } from './config.ts';

await runService('ml-service', () => {
  const config = readConfig(settings);
  return { config, service: createMlService(config) };
});
