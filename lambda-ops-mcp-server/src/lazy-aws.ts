import type { Aws } from './aws/aws.ts';

/** Loads the AWS SDK on the first use: the server answers `initialize` without it. */
export function createLazyAws(): () => Promise<Aws> {
  let loaded: Promise<Aws> | undefined;
  return () => {
    loaded ??= import('./aws/aws.ts').then(({ createAws }) => createAws());
    return loaded;
  };
}
