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

/** Takes a query's tokens one by one. */
class Reader {
  private at = 0;
  private readonly tokens: string[];

  constructor(text: string) {
    this.tokens = tokenize(text);
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(): string | undefined {
    return this.tokens[this.at];
  }

  next(): string {
    const found = this.tokens[this.at++];
    if (found === undefined) throw new SyntaxError('The query ends too early');
    return found;
  }

  take(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.at += 1;
    return true;
  }

  expect(wanted: string): void {
    const found = this.next();
    if (found !== wanted) throw new SyntaxError(`Expected "${wanted}" and found "${found}"`);
  }

  name(): string {
    const found = this.next();
    if (!/^[A-Za-z_]\w*$/.test(found)) throw new SyntaxError(`Expected a name and found "${found}"`);
    return found;
  }
}

/** `key: value` pairs up to the closing sign. */
function pairs(reader: Reader, close: ')' | '}'): Record<string, Value> {
  const values: Record<string, Value> = {};
  while (!reader.take(close)) {
    const key = reader.name();
    reader.expect(':');
    values[key] = value(reader);
  }
  return values;
}

function value(reader: Reader): Value {
  if (reader.take('$')) return { kind: 'variable', name: reader.name() };
  if (reader.take('{')) return { kind: 'object', fields: pairs(reader, '}') };
  if (reader.take('[')) {
    const items: Value[] = [];
    while (!reader.take(']')) items.push(value(reader));
    return { kind: 'list', items };
  }
  const word = reader.next();
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'null') return { kind: 'literal', value: null };
  return { kind: 'literal', value: /^[-"\d]/.test(word) ? JSON.parse(word) : word };
}

function selections(reader: Reader): Selection[] {
  const list: Selection[] = [];
  if (!reader.take('{')) return list;
  while (!reader.take('}')) list.push(selection(reader));
  return list;
}

function selection(reader: Reader): Selection {
  if (reader.take('...')) {
    if (reader.peek() === '{') return { kind: 'inline', on: null, selections: selections(reader) };
    const word = reader.name();
    if (word !== 'on') return { kind: 'spread', fragment: word };
    return { kind: 'inline', on: reader.name(), selections: selections(reader) };
  }
  const alias = reader.name();
  const name = reader.take(':') ? reader.name() : alias;
  const args = reader.take('(') ? pairs(reader, ')') : {};
  return { kind: 'field', alias, name, args, selections: selections(reader) };
}

/** The defaults of an operation's variables; their types do not matter here. */
function variableDefaults(reader: Reader): Record<string, Value> {
  const defaults: Record<string, Value> = {};
  if (!reader.take('(')) return defaults;
  while (!reader.take(')')) {
    reader.expect('$');
    const key = reader.name();
    reader.expect(':');
    while (reader.take('['));
    reader.name();
    while (reader.take(']') || reader.take('!'));
    if (reader.take('=')) defaults[key] = value(reader);
  }
  return defaults;
}

function operation(reader: Reader): QueryDocument['operations'][number] {
  if (reader.peek() === '{')
    return { type: 'query', name: null, defaults: {}, selections: selections(reader) };
  const type = reader.name();
  const name = reader.peek() === '{' || reader.peek() === '(' ? null : reader.name();
  return { type, name, defaults: variableDefaults(reader), selections: selections(reader) };
}

/**
 * Parses a document.
 * @throws SyntaxError when it is not one, or uses directives
 */
export function parseQuery(text: string): QueryDocument {
  const reader = new Reader(text);
  const document: QueryDocument = { operations: [], fragments: new Map() };
  while (!reader.isAtEnd) {
    if (!reader.take('fragment')) {
      document.operations.push(operation(reader));
      continue;
    }
    const name = reader.name();
    reader.expect('on');
    document.fragments.set(name, { kind: 'inline', on: reader.name(), selections: selections(reader) });
  }
  return document;
}
