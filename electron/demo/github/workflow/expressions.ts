/** Evaluates the expressions of workflow files: `${{ matrix.os }}`, `inputs.level == 'full' && !cancelled()`. */

export type Contexts = Record<string, unknown>;

/** Results of the status functions at the place where an expression stands. */
export interface StatusFunctions {
  success: boolean;
  failure: boolean;
  cancelled: boolean;
}

type Token = { kind: 'text' | 'number'; value: string | number } | { kind: 'name' | 'sign'; value: string };

const tokenPattern =
  /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|<=|>=|[<>!()[\].,*]))/y;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < source.trimEnd().length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(source);
    if (!match)
      throw new SyntaxError(`Unexpected symbol at "${source.slice(at).trim()}" in expression "${source}"`);
    const [, text, number, name, sign] = match;
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else tokens.push({ kind: 'sign', value: sign ?? '' });
  }
  return tokens;
}

/** Text of a value as GitHub writes it into a string: nothing for null, JSON for lists and objects. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Truth as in workflow expressions: false, 0, '' and null are false. */
export function isTruthy(value: unknown): boolean {
  return !(value === false || value === 0 || value === '' || value === null || value === undefined);
}

function toNumber(value: unknown): number {
  if (value === null || value === undefined || value === '') return 0;
  return typeof value === 'object' ? Number.NaN : Number(value);
}

function areEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string')
    return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right && typeof left !== 'object') return left === right;
  return left === right || toNumber(left) === toNumber(right);
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(whole)) return whole.some((item) => areEqual(item, part));
  return asText(whole).toLowerCase().includes(asText(part).toLowerCase());
}

function format(template: unknown, ...values: unknown[]): string {
  return asText(template).replace(/\{(\d+)\}/g, (_, index) => asText(values[Number(index)]));
}

const functions: Record<string, (...values: unknown[]) => unknown> = {
  contains,
  startswith: (whole, part) => asText(whole).toLowerCase().startsWith(asText(part).toLowerCase()),
  endswith: (whole, part) => asText(whole).toLowerCase().endsWith(asText(part).toLowerCase()),
  format,
  join: (list, separator = ',') =>
    Array.isArray(list) ? list.map(asText).join(asText(separator)) : asText(list),
  tojson: (value) => JSON.stringify(value ?? null, null, 2),
  fromjson: (text) => JSON.parse(asText(text)),
};

function property(holder: unknown, key: unknown): unknown {
  if (typeof holder !== 'object' || holder === null) return null;
  if (Array.isArray(holder)) return holder[toNumber(key)] ?? null;
  const wanted = asText(key).toLowerCase();
  return Object.entries(holder).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
}

/** Recursive descent over the tokens, evaluating as it goes. */
class Parser {
  private at = 0;
  private readonly tokens: Token[];
  private readonly source: string;
  private readonly contexts: Contexts;
  private readonly status: StatusFunctions;

  constructor(source: string, contexts: Contexts, status: StatusFunctions) {
    this.tokens = tokenize(source);
    this.source = source;
    this.contexts = contexts;
    this.status = status;
  }

  whole(): unknown {
    const value = this.or();
    if (this.at < this.tokens.length) throw this.unexpected();
    return value;
  }

  private unexpected(): SyntaxError {
    const found = this.tokens[this.at];
    return new SyntaxError(`Unexpected ${found ? `"${found.value}"` : 'end'} in expression "${this.source}"`);
  }

  private take(...signs: string[]): string | undefined {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || !signs.includes(token.value)) return undefined;
    this.at += 1;
    return token.value;
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw this.unexpected();
  }

  private or(): unknown {
    let value = this.and();
    while (this.take('||')) {
      const right = this.and();
      value = isTruthy(value) ? value : right;
    }
    return value;
  }

  private and(): unknown {
    let value = this.comparison();
    while (this.take('&&')) {
      const right = this.comparison();
      value = isTruthy(value) ? right : value;
    }
    return value;
  }

  private comparison(): unknown {
    const left = this.unary();
    const sign = this.take('==', '!=', '<', '<=', '>', '>=');
    if (!sign) return left;
    const right = this.unary();
    if (sign === '==') return areEqual(left, right);
    if (sign === '!=') return !areEqual(left, right);
    const difference = toNumber(left) - toNumber(right);
    if (sign === '<') return difference < 0;
    if (sign === '<=') return difference <= 0;
    return sign === '>' ? difference > 0 : difference >= 0;
  }

  private unary(): unknown {
    return this.take('!') ? !isTruthy(this.unary()) : this.access();
  }

  private access(): unknown {
    let value = this.primary();
    for (;;) {
      if (this.take('.')) {
        const token = this.tokens[this.at];
        if (token?.kind !== 'name') throw this.unexpected();
        this.at += 1;
        value = property(value, token.value);
      } else if (this.take('[')) {
        value = property(value, this.or());
        this.expect(']');
      } else return value;
    }
  }

  private primary(): unknown {
    if (this.take('(')) {
      const value = this.or();
      this.expect(')');
      return value;
    }
    const token = this.tokens[this.at];
    if (!token || token.kind === 'sign') throw this.unexpected();
    this.at += 1;
    if (token.kind !== 'name') return token.value;
    return this.named(String(token.value));
  }

  private named(name: string): unknown {
    const lower = name.toLowerCase();
    if (lower === 'true' || lower === 'false') return lower === 'true';
    if (lower === 'null') return null;
    if (!this.take('(')) return property(this.contexts, name);
    const values: unknown[] = [];
    while (!this.take(')')) {
      if (values.length > 0) this.expect(',');
      values.push(this.or());
    }
    if (lower === 'always') return true;
    if (lower === 'success' || lower === 'failure' || lower === 'cancelled') return this.status[lower];
    const called = functions[lower];
    if (!called) throw new SyntaxError(`Unrecognized function "${name}" in expression "${this.source}"`);
    return called(...values);
  }
}

const allWell: StatusFunctions = { success: true, failure: false, cancelled: false };

/**
 * Evaluates one expression, with or without `${{ }}` around it.
 * @throws SyntaxError when it is not an expression
 */
export function evaluate(source: string, contexts: Contexts, status: StatusFunctions = allWell): unknown {
  const inner = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(source)?.[1] ?? source;
  return new Parser(inner, contexts, status).whole();
}

/** Replaces every `${{ … }}` in a text by its value. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner) => asText(evaluate(inner, contexts)));
}

/** Interpolates every string in a value; a string that is one expression becomes its value, whatever the type. */
export function interpolateDeep(value: unknown, contexts: Contexts): unknown {
  if (typeof value === 'string') {
    return /^\s*\$\{\{(?:(?!\}\}).)*\}\}\s*$/s.test(value)
      ? evaluate(value, contexts)
      : interpolate(value, contexts);
  }
  if (Array.isArray(value)) return value.map((item) => interpolateDeep(item, contexts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolateDeep(item, contexts)]),
  );
}

/** Whether a condition names a status function; one that does not is joined with `success()`. */
export function namesStatus(condition: string): boolean {
  return /\b(always|success|failure|cancelled)\s*\(/i.test(condition);
}
