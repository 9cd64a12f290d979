/** The window's own address, and which file of the build each address stands for. */
import { join, normalize, sep } from 'node:path';

export const pageScheme = 'trackside';
const pageHost = 'panel';

/** What the window loads. */
export const pageAddress = `${pageScheme}://${pageHost}/index.html`;

/** Whether `address` belongs to our own page: scheme and host compared whole. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${pageScheme}:` && url.host === pageHost;
}

/**
 * The file that `address` stands for, or null when it is not ours or lies outside `folder`.
 * @param address a whole URL
 * @param folder absolute folder of the built page
 */
export function fileOfAddress(address: string, folder: string): string | null {
  const url = URL.parse(address);
  if (!url || !isOwnPage(address)) return null;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  return file.startsWith(normalize(folder) + sep) ? file : null;
}
