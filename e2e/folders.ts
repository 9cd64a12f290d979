/** Where one spec's product keeps its things. */
export interface Folders {
  dataFolder: string;
  cacheFolder: string;
  environment: Record<string, string>;
}
