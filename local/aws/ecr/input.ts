import { Constraints } from '../constraints.ts';
import { type Input, objects, text } from '../input.ts';

export interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

const name = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** ECR names its validation error after the parameter, not after the validation. */
export const ecrConstraints = () => new Constraints('InvalidParameterException');

export function repositoryName(input: Input): string {
  const given = text(input, 'repositoryName');
  ecrConstraints()
    .required('repositoryName', given)
    .length('repositoryName', given, 2, 256)
    .pattern('repositoryName', given, name)
    .throwIfAny();
  return given ?? '';
}

export function imageIds(input: Input): readonly ImageId[] | undefined {
  const given = objects(input, 'imageIds');
  ecrConstraints().length('imageIds', given, 1, 100).throwIfAny();
  return given?.map((one) => {
    const imageTag = text(one, 'imageTag');
    const imageDigest = text(one, 'imageDigest');
    return {
      ...(imageTag === undefined ? {} : { imageTag }),
      ...(imageDigest === undefined ? {} : { imageDigest }),
    };
  });
}
