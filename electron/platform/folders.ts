/** Where Trackside keeps things on this machine. */
import { resolve } from 'node:path';
import envPaths from 'env-paths';

export interface Folders {
  /** What must not be lost: records, runners, history. */
  dataFolder: string;
  /** What can be fetched or made again: runner archives, compiled code. */
  cacheFolder: string;
}

/**
 * The folders for this start, as absolute paths. The demo has its own, so that it never mixes with a person's
 * repositories. A folder named on the command line is taken as it is; `TRACKSIDE_DATA_DIR` and `TRACKSIDE_CACHE_DIR`
 * replace the places that the platform provides for.
 */
export function findFolders(options: {
  demo: boolean;
  dataFolder?: string | undefined;
  env: NodeJS.ProcessEnv;
}): Folders {
  const { demo, dataFolder, env } = options;
  const own = (folder: string): string => (demo ? `${folder}-demo` : folder);
  const platform = envPaths('trackside', { suffix: '' });
  return {
    dataFolder: resolve(dataFolder ?? own(env.TRACKSIDE_DATA_DIR || platform.data)),
    cacheFolder: resolve(own(env.TRACKSIDE_CACHE_DIR || platform.cache)),
  };
}
