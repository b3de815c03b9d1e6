import type { Container } from '@dagger.io/dagger';
import { parseFormat } from '../arguments.ts';
import { runChecks } from '../checks.ts';
import { labelsOf } from '../images/labels.ts';
import { imagesText } from '../report/images-text.ts';
import { findService } from '../services.ts';
import { withLabels } from './engine-builder.ts';
import type { Given } from './given.ts';
import { hush, say } from './progress.ts';

/** Runs the checks of the repository, and builds each image. */
export async function checkSources(given: Given): Promise<string> {
  return runChecks(await given.images().checks());
}

/** The image of one service, not published. */
export async function buildService(given: Given, name: string): Promise<Container> {
  const { name: service } = findService(name);
  const platform = await given.platform();
  return given.images().build(service, platform, await given.revision());
}

/** The same with its labels. */
export async function labelService(given: Given, name: string): Promise<Container> {
  const { name: service } = findService(name);
  const platform = await given.platform();
  const revision = await given.revision();
  const container = await given.images().build(service, platform, revision);
  return withLabels(container, labelsOf(service, revision, new Date()));
}

/** Sees to it that a registry has all images. */
export async function pushImages(given: Given, format: string): Promise<string> {
  const written = parseFormat(format);
  const platforms = given.platforms();
  const registry = await given.openRegistry();
  const revision = await given.revision();
  const images = await given.images().ensure({ platforms, registry, revision, say }).finally(hush);
  return written === 'json' ? JSON.stringify(images, undefined, 2) : imagesText(images);
}
