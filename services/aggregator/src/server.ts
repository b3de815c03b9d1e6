import { readConfig } from '@whatsthecraic/platform/config';
import { runService } from '@whatsthecraic/platform/run';
import { createAggregator } from './app.ts';
import { settings } from './config.ts';

await runService('aggregator', () => {
  const config = readConfig(settings);
  return { config, service: createAggregator(config) };
});
