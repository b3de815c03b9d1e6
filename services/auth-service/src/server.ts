import { readConfig } from '@whatsthecraic/platform/config';
import { runService } from '@whatsthecraic/platform/run';
import { createAuthService } from './app.ts';
import { settings } from './config.ts';

await runService('auth-service', () => {
  const config = readConfig(settings);
  return { config, service: createAuthService(config) };
});
