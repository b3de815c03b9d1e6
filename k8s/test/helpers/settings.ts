import { Setting, type Settings } from '../../../services/platform/src/config.ts';

/** What a service reads, as its own config.ts says. */
export async function settingsOf(service: string): Promise<Settings> {
  const { settings } = (await import(`../../../services/${service}/src/config.ts`)) as {
    settings: Settings;
  };
  return settings;
}

/** The settings of all groups, one after the other. */
export const eachSetting = (settings: Settings): readonly Setting[] =>
  Object.values(settings).flatMap((each) => (each instanceof Setting ? [each] : eachSetting(each)));
