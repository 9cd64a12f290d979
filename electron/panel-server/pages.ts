/** The few pages the server writes itself, for people who did not get to the panel. They need no script and no cookie. */
import { createHash } from 'node:crypto';

const style =
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}' +
  'main{max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}h1{font-size:1.25rem}';

/** The style block's source for the Content-Security-Policy header. */
export const pageStyleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

export interface PlainPage {
  status: number;
  html: string;
}

function page(status: number, title: string, paragraphs: string[], more = ''): PlainPage {
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('');
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${more}`;
  return {
    status,
    html: `<!doctype html><html lang="en"><head>${head}<style>${style}</style></head><body><main><h1>${title}</h1>${text}</main></body></html>\n`,
  };
}

const newLink =
  'In the terminal where Trackside runs, press <kbd>Enter</kbd> to get a new link, then open it in this browser.';

/** For a link that was used, is too old, or was never given out. */
export const usedLinkPage = page(403, 'This link is no longer good', [
  'A link to the panel works once and for ten minutes. This one was used, is too old, or is not complete.',
  newLink,
]);

/**
 * For a browser that came by a link on another page or a file: it keeps the new cookie to itself until a page of ours
 * leads on (SameSite=Strict), which this one does by itself.
 */
export const enteredPage = page(
  200,
  'Opening the panel',
  ['<a href="/">Go on to the panel</a>.'],
  '<meta http-equiv="refresh" content="0;url=/">',
);

/** For a browser without a session. */
export const noSessionPage = page(401, 'This browser is not signed in', [
  'The panel controls runners on this machine, so it opens only for somebody who can read its terminal.',
  newLink,
  'If you have just opened such a link, <a href="/">go on to the panel</a>.',
]);

/** For a request under a name that is not ours. */
export function wrongHostPage(port: number): PlainPage {
  return page(421, 'Trackside does not answer to this address', [
    `Only programs on this machine may open the panel, as http://127.0.0.1:${port} or http://localhost:${port}.`,
    'To reach it from another machine, forward the port over SSH under the same number.',
  ]);
}

/** For a request that another page makes. */
export const wrongOriginPage = page(403, 'Another page may not control Trackside', [
  'This request did not come from the panel itself, so it was refused.',
]);

/** For a path that is not one of the panel's files. */
export const notFoundPage = page(404, 'There is nothing here', [
  'The panel has no such file. <a href="/">Go to the panel</a>.',
]);

/** For a fault of the server's own. */
export const faultPage = page(500, 'Trackside could not answer', [
  'This is a fault of Trackside itself. The terminal where it runs has the details.',
]);
