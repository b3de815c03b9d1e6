import type { Target } from '../src/target/target.ts';

/** For the stand-in of a target on which nothing may be changed. */
export const readOnly: Pick<Target, 'guarded'> = {
  guarded: async () => {
    throw new Error('a test that only reads was asked to change something');
  },
};
