/** Finds what answers a request by its method and path template. */

export interface Router<Value> {
  /** `template` is for example `/repos/:owner/:repo/contents/*path`; `*name` takes the rest of the path. */
  add(method: string, template: string, value: Value): void;
  /** What was added first for this method and path, with the decoded parameters; `undefined` when nothing fits. */
  find(method: string, path: string): { value: Value; params: Record<string, string> } | undefined;
}

interface Entry<Value> {
  method: string;
  pattern: RegExp;
  names: string[];
  value: Value;
}

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}

/** Creates an empty router. */
export function createRouter<Value>(): Router<Value> {
  const entries: Entry<Value>[] = [];
  return {
    add(method, template, value) {
      const names: string[] = [];
      const source = template.replace(/[.]/g, '\\.').replace(/:(\w+)|\/\*(\w+)/g, (_, one, rest) => {
        names.push(one ?? rest);
        return one ? '([^/]+)' : '(?:/(.*))?';
      });
      entries.push({ method, pattern: new RegExp(`^${source}/?$`), names, value });
    },
    find(method, path) {
      const wanted = method === 'HEAD' ? 'GET' : method;
      for (const entry of entries) {
        const match = entry.method === wanted ? entry.pattern.exec(path) : null;
        if (!match) continue;
        const params = Object.fromEntries(entry.names.map((name, index) => [name, decode(match[index + 1])]));
        return { value: entry.value, params };
      }
      return undefined;
    },
  };
}
