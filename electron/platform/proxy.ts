/** Sends what this process asks of the internet through the proxy that the environment names. */
import http from 'node:http';

/** This machine is always reached directly: the demo GitHub and the panel itself live there. */
const alwaysDirect = ['localhost', '127.0.0.1', '::1', '[::1]'];

/**
 * Makes `fetch` and `node:http(s)` of this process use `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (in either case), which
 * Node does not do by itself. Does nothing when none is set. Call it once, before the first request.
 * @throws Error when the proxy's address cannot be understood
 */
export function routeThroughProxy(env: NodeJS.ProcessEnv = process.env): void {
  const secure = env.https_proxy ?? env.HTTPS_PROXY;
  const plain = env.http_proxy ?? env.HTTP_PROXY;
  if (!secure && !plain) return;
  const direct = [env.no_proxy ?? env.NO_PROXY ?? '', ...alwaysDirect].filter((entry) => entry !== '');
  http.setGlobalProxyFromEnv({
    ...(plain ? { http_proxy: plain } : {}),
    ...(secure ? { https_proxy: secure } : {}),
    no_proxy: direct.join(','),
  });
}
