/** Finds the route of a request by its method and path template. */
import type { Exchange, Reply } from './http.ts';

export interface Route<Access> {
  method: string;
  /** For example `/repos/:owner/:repo/contents/*path`; `*name` takes the rest of the path. */
  template: string;
  access: Access;
  handle(exchange: Exchange): Reply | Promise<Reply>;
}

export interface Router<Access> {
  add(route: Route<Access>): void;
  /** The route and its decoded parameters; `undefined` when no template fits path and method. */
  find(method: string, path: string): { route: Route<Access>; params: Record<string, string> } | undefined;
}

interface Compiled<Access> {
  pattern: RegExp;
  names: string[];
  route: Route<Access>;
}

function compile<Access>(route: Route<Access>): Compiled<Access> {
  const names: string[] = [];
  const source = route.template.replace(/[.]/g, '\\.').replace(/:(\w+)|\/\*(\w+)/g, (_, one, rest) => {
    names.push(one ?? rest);
    return one ? '([^/]+)' : '(?:/(.*))?';
  });
  return { pattern: new RegExp(`^${source}/?$`), names, route };
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}

/** Routes are tried in the order in which they were added. */
export function createRouter<Access>(): Router<Access> {
  const routes: Compiled<Access>[] = [];
  return {
    add: (route) => void routes.push(compile(route)),
    find(method, path) {
      const wanted = method === 'HEAD' ? 'GET' : method;
      for (const { pattern, names, route } of routes) {
        const match = route.method === wanted ? pattern.exec(path) : null;
        if (!match) continue;
        const params = Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1])]));
        return { route, params };
      }
      return undefined;
    },
  };
}
