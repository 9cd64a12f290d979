/** Reads GraphQL queries: fields, aliases, arguments, variables, fragments. */

export type Value =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'variable'; name: string }
  | { kind: 'list'; items: Value[] }
  | { kind: 'object'; fields: Record<string, Value> };

export type Selection =
  | { kind: 'field'; alias: string; name: string; args: Record<string, Value>; selections: Selection[] }
  | { kind: 'spread'; fragment: string }
  | { kind: 'inline'; on: string | null; selections: Selection[] };

export interface QueryDocument {
  operations: {
    type: string;
    name: string | null;
    defaults: Record<string, Value>;
    selections: Selection[];
  }[];
  fragments: Map<string, Extract<Selection, { kind: 'inline' }>>;
}

const skipped = /(?:[\s,\ufeff]|#[^\n]*)*/y;
const token = /[A-Za-z_]\w*|-?\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*"|\.\.\.|[{}()[\]:!$@=]/y;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  for (;;) {
    skipped.lastIndex = at;
    at += skipped.exec(text)?.[0].length ?? 0;
    if (at >= text.length) return tokens;
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found === undefined) throw new SyntaxError(`Unexpected "${text.slice(at, at + 20)}" in the query`);
    tokens.push(found);
    at += found.length;
  }
}

/**
 * Parses a document.
 * @throws SyntaxError when it is not one, or uses directives
 */
export function parseQuery(text: string): QueryDocument {
  const tokens = tokenize(text);
  let at = 0;
  const peek = () => tokens[at];
  const next = (): string => {
    const found = tokens[at++];
    if (found === undefined) throw new SyntaxError('The query ends too early');
    return found;
  };
  const take = (wanted: string): boolean => {
    if (peek() !== wanted) return false;
    at += 1;
    return true;
  };
  const expect = (wanted: string) => {
    const found = next();
    if (found !== wanted) throw new SyntaxError(`Expected "${wanted}" and found "${found}"`);
  };
  const name = (): string => {
    const found = next();
    if (!/^[A-Za-z_]\w*$/.test(found)) throw new SyntaxError(`Expected a name and found "${found}"`);
    return found;
  };

  function value(): Value {
    if (take('$')) return { kind: 'variable', name: name() };
    if (take('[')) {
      const items: Value[] = [];
      while (!take(']')) items.push(value());
      return { kind: 'list', items };
    }
    if (take('{')) {
      const fields: Record<string, Value> = {};
      while (!take('}')) {
        const key = name();
        expect(':');
        fields[key] = value();
      }
      return { kind: 'object', fields };
    }
    const word = next();
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    if (word === 'null') return { kind: 'literal', value: null };
    if (/^[-"\d]/.test(word)) return { kind: 'literal', value: JSON.parse(word) };
    return { kind: 'literal', value: word };
  }

  function argumentsOf(): Record<string, Value> {
    const args: Record<string, Value> = {};
    if (!take('(')) return args;
    while (!take(')')) {
      const key = name();
      expect(':');
      args[key] = value();
    }
    return args;
  }

  function selections(): Selection[] {
    const list: Selection[] = [];
    if (!take('{')) return list;
    while (!take('}')) list.push(selection());
    return list;
  }

  function selection(): Selection {
    if (take('...')) {
      if (peek() === '{') return { kind: 'inline', on: null, selections: selections() };
      const word = name();
      if (word === 'on') return { kind: 'inline', on: name(), selections: selections() };
      return { kind: 'spread', fragment: word };
    }
    const first = name();
    const fieldName = take(':') ? name() : first;
    const args = argumentsOf();
    return { kind: 'field', alias: first, name: fieldName, args, selections: selections() };
  }

  function variableDefaults(): Record<string, Value> {
    const defaults: Record<string, Value> = {};
    if (!take('(')) return defaults;
    while (!take(')')) {
      expect('$');
      const key = name();
      expect(':');
      while (take('['));
      name();
      while (take(']') || take('!'));
      if (take('=')) defaults[key] = value();
    }
    return defaults;
  }

  const document: QueryDocument = { operations: [], fragments: new Map() };
  while (at < tokens.length) {
    if (peek() === '{') {
      document.operations.push({ type: 'query', name: null, defaults: {}, selections: selections() });
      continue;
    }
    const keyword = name();
    if (keyword === 'fragment') {
      const fragment = name();
      expect('on');
      document.fragments.set(fragment, { kind: 'inline', on: name(), selections: selections() });
      continue;
    }
    const operation = peek() === '{' || peek() === '(' ? null : name();
    const defaults = variableDefaults();
    document.operations.push({ type: keyword, name: operation, defaults, selections: selections() });
  }
  return document;
}
