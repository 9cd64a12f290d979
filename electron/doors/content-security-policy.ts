/** What a page of ours may load, whichever door it comes through. */

/** Directives of the Content-Security-Policy header. `'self'` covers the page's own WebSocket too (CSP level 3). */
const directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
} as const;

type Directives = Record<keyof typeof directives, string[]>;

/**
 * The policy's directives.
 * @param styleHashes sources like `'sha256-…'` of inline style blocks that are allowed besides our own files
 */
export function contentSecurityDirectives(styleHashes: readonly string[] = []): Directives {
  const copy = Object.entries(directives).map(([name, sources]) => [name, [...sources]]);
  const result: Directives = Object.fromEntries(copy);
  result['style-src'].push(...styleHashes);
  return result;
}

/** The same as the header's value. */
export function contentSecurityPolicy(): string {
  return Object.entries(contentSecurityDirectives())
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
